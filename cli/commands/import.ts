import path from "node:path";
import type { Command } from "commander";
import { EXIT_CODE } from "../exit-code.ts";
import { CommandError } from "../command-error.ts";
import { countDiagnostics, printDiagnostics } from "../print-diagnostics.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";

interface ImportOptions extends CommonOptions {
  into?: string;
  name?: string;
  run?: string;
  force?: boolean;
}

/** `flowgate import <folder>` */
export function addImport(program: Command): void {
  const command = program
    .command("import")
    .description("make a flow of a Prompt Flow folder, an experiment.yaml or a .prompty file")
    .argument("<folder>", "the folder with flow.dag.yaml or experiment.yaml, or such a file, or a .prompty")
    .option("--into <folder>", "the new flow's folder (default: flows/<name>)")
    .option("--name <name>", "the new flow's name (default: what it was called)")
    .option("--run <run.yaml>", "a run of the flow, for its data and column mapping")
    .option("--force", "replace files of the same names in the new folder")
    .addHelpText(
      "after",
      "\nThe imported folder is only read. Exit codes: 0 written, whether or not it needs work; 2 nothing was written.",
    );
  withCommonOptions(command).action((folder: string, options: ImportOptions) =>
    runCommand(options, (invocation) => importFlow(folder, options, invocation)),
  );
}

async function importFlow(named: string, options: ImportOptions, { output }: Invocation): Promise<number> {
  const { findImport } = await import("../import/find-import.ts");
  const { importFolder } = await import("../import/import-folder.ts");
  const { checkFree, writeFolder } = await import("../write-folder.ts");
  const { checkFlowName } = await import("../flow-name.ts");
  if (options.name !== undefined) checkFlowName(options.name);
  const found = await findImport(named);
  const force = options.force ?? false;
  const { name, files, carried, notCarried } = await importFolder(found, {
    name: options.name,
    run: options.run,
  });
  const from = found.folder;
  if (files === undefined) {
    if (output.json) output.printJson({ imported: false, flow: name, notCarried });
    else {
      output.print(printDiagnostics(notCarried, output.paint, from));
      output.print(
        `${output.paint("red", "✗")} Nothing was written: ${countDiagnostics(notCarried)} in ${from}`,
      );
    }
    return EXIT_CODE.error;
  }
  const into = options.into ?? path.join("flows", name);
  // A prompt often lies at the top of a repository, and is one file of many there.
  if (found.kind === "prompty" ? path.resolve(into) === path.resolve(from) : isInside(into, from)) {
    throw new CommandError(`${into} is inside of what is imported. Name another folder with --into.`);
  }
  await checkFree(into, force);
  const { editorFiles } = await import("../init/editor-files.ts");
  const editor = await editorFiles(into);
  files.set("flow.yaml", `${editor.modeline}\n${String(files.get("flow.yaml") ?? "")}`);
  for (const [file, text] of editor.files) files.set(file, text);
  await writeFolder(into, files, force);
  const { checkFolder } = await import("../check-folder.ts");
  const checked = await checkFolder(into);
  const valid = checked.definition !== undefined;
  if (output.json) {
    output.printJson({
      imported: true,
      flow: name,
      folder: into,
      files: [...files.keys()].sort(),
      valid,
      carried: carried.map(({ what, file, place, to }) => ({ what, file, ...place, to })),
      notCarried,
      diagnostics: checked.diagnostics,
    });
    return EXIT_CODE.pass;
  }
  output.print(output.paint("bold", `Carried over into ${into}`));
  for (const { what, file, place, to } of carried) {
    const origin = `${path.join(from, file)}:${place.line}:${place.column}`;
    output.print(`${output.paint("green", "✓")} ${what} ${output.paint("dim", `(${origin})`)}\n    ${to}`);
  }
  if (notCarried.length > 0) {
    output.print(`\n${output.paint("bold", "Not carried over, or to be checked")}`);
    output.print(printDiagnostics(notCarried, output.paint, from));
  }
  if (checked.diagnostics.length > 0) {
    output.print(`\n${output.paint("bold", `What flowgate validate ${into} says`)}`);
    output.print(printDiagnostics(checked.diagnostics, output.paint, into));
  }
  output.print(
    valid
      ? `\n${output.paint("green", "✓")} ${name} is valid. Next: flowgate push ${into} --wait`
      : `\n${output.paint("yellow", "!")} ${name} needs your hand (${countDiagnostics(checked.diagnostics)}). Then: flowgate validate ${into}`,
  );
  return EXIT_CODE.pass;
}

function isInside(folder: string, of: string): boolean {
  const relative = path.relative(path.resolve(of), path.resolve(folder));
  return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
}
