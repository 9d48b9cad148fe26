import type { Command } from "commander";
import { messageOf } from "../../shared/errors.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE, INTERRUPTED } from "../exit-code.ts";
import { findFlowFolder } from "../find-flow-folder.ts";
import type { Output } from "../output.ts";
import { countDiagnostics, printDiagnostics } from "../print-diagnostics.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";

interface ValidateOptions extends CommonOptions {
  watch?: boolean;
}

/** `flowgate validate [folder] [--watch]` */
export function addValidate(program: Command): void {
  const command = program
    .command("validate")
    .description("check a flow's files by the rules of the platform, without one")
    .argument("[folder]", "the flow's folder (default: this one, or the only one under flows/)")
    .option("--watch", "check again after every change, until Ctrl-C")
    .addHelpText("after", "\nExit codes: 0 valid, warnings or not; 2 not valid.");
  withCommonOptions(command).action((folder: string | undefined, options: ValidateOptions) =>
    runCommand(options, async ({ output, signal }) => {
      const found = await findFlowFolder(folder, process.cwd());
      return options.watch ? keepChecking(found, { output, signal }) : check(found, output);
    }),
  );
}

async function check(folder: string, output: Output): Promise<number> {
  const { checkFolder } = await import("../check-folder.ts");
  const checked = await checkFolder(folder);
  const { definition, diagnostics, files } = checked;
  if (output.json) {
    output.printJson({ valid: definition !== undefined, flow: definition?.name, diagnostics });
  } else {
    if (diagnostics.length > 0) output.print(printDiagnostics(diagnostics, output.paint, checked.folder));
    const found = countDiagnostics(diagnostics);
    output.print(
      definition
        ? `${output.paint("green", "✓")} ${definition.name} is valid: ${files.size} files, ${found}`
        : `${output.paint("red", "✗")} ${checked.folder} is not valid: ${found}`,
    );
  }
  return definition ? EXIT_CODE.pass : EXIT_CODE.error;
}

/** Each check begins with a line "Checking ..." and ends with one that opens with ✓ or ✗, by which editors tell them apart. */
async function keepChecking(
  folder: string,
  { output, signal }: Pick<Invocation, "output" | "signal">,
): Promise<number> {
  if (output.json) throw new CommandError("--watch prints no JSON: leave out one of the two.");
  const { watchFolder } = await import("../watch-folder.ts");
  await watchFolder(folder, signal, async () => {
    output.print(`Checking ${folder}`);
    await check(folder, output).catch((error: unknown) => {
      output.print(`${output.paint("red", "✗")} ${messageOf(error)}`);
    });
  });
  return INTERRUPTED;
}
