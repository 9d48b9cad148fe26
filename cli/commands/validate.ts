import type { Command } from "commander";
import { EXIT_CODE } from "../exit-code.ts";
import { findFlowFolder } from "../find-flow-folder.ts";
import { countDiagnostics, printDiagnostics } from "../print-diagnostics.ts";
import { type CommonOptions, runCommand, withCommonOptions } from "../run-command.ts";

/** `flowgate validate [folder]` */
export function addValidate(program: Command): void {
  const command = program
    .command("validate")
    .description("check a flow's files by the rules of the platform, without one")
    .argument("[folder]", "the flow's folder (default: this one, or the only one under flows/)")
    .addHelpText("after", "\nExit codes: 0 valid, warnings or not; 2 not valid.");
  withCommonOptions(command).action((folder: string | undefined, options: CommonOptions) =>
    runCommand(options, async ({ output }) => {
      const { checkFolder } = await import("../check-folder.ts");
      const checked = await checkFolder(await findFlowFolder(folder, process.cwd()));
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
    }),
  );
}
