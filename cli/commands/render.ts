import { type Command, InvalidArgumentError } from "commander";
import { environmentVariables } from "../../shared/settings.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { printDiagnostics } from "../print-diagnostics.ts";
import { printMessages } from "../print-messages.ts";
import { type CommonOptions, runCommand } from "../run-command.ts";

interface RenderOptions extends CommonOptions {
  inputs?: string;
  set: Record<string, string>;
  sample?: boolean;
}

/** `flowgate render <file.prompty>` */
export function addRender(program: Command): void {
  program
    .command("render")
    .description("print the messages that a model would be sent for a .prompty file, without sending them")
    .argument("<file>", "the .prompty file; its folder is the root of what it refers to")
    .option("--inputs <file>", "a JSON file with the inputs by name")
    .option("--set <name=value>", "one input, before those of the file (repeatable)", addInput, {})
    .option("--sample", "take the prompt's own sample for what is not given")
    .option("--json", "print one JSON document on stdout and nothing else")
    .option("--debug", "show where an error comes from")
    .addHelpText(
      "after",
      '\nExample: flowgate render chat.prompty --set question="Which tent is the lightest?"\nExit codes: 0 rendered, warnings or not; 2 not.',
    )
    .action((file: string, options: RenderOptions) =>
      runCommand(options, async ({ output }) => {
        const { renderPrompt } = await import("../render-prompt.ts");
        const { messages, diagnostics } = await renderPrompt(
          { file, inputsFile: options.inputs, set: options.set, sample: options.sample ?? false },
          environmentVariables(),
        );
        if (diagnostics.length > 0) output.note(printDiagnostics(diagnostics, output.paintNote));
        if (messages === undefined) {
          if (output.json)
            output.printJson({ error: { message: "The prompt cannot be rendered." }, diagnostics });
          return EXIT_CODE.error;
        }
        if (output.json) output.printJson(messages);
        else output.print(printMessages(messages, output.paint));
        return EXIT_CODE.pass;
      }),
    );
}

function addInput(pair: string, inputs: Record<string, string>): Record<string, string> {
  const at = pair.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write it as name=value.");
  return { ...inputs, [pair.slice(0, at)]: pair.slice(at + 1) };
}
