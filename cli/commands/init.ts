import path from "node:path";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";

interface InitOptions extends CommonOptions {
  name?: string;
  template?: string;
  yes?: boolean;
  github?: boolean;
}

/** `flowgate init [folder]` */
export function addInit(program: Command): void {
  const command = program
    .command("init")
    .description("write a small flow that passes, ready to edit")
    .argument("[folder]", "the new flow's folder (default: flows/<name>)")
    .option("--name <name>", "the flow's name (default: the folder's)")
    .option("--template <template>", "what to begin with: chat, rag or classify (default: chat)")
    .option("--github", "write the GitHub workflow; with a folder or a name, the flow too")
    .option("--yes", "ask nothing, take the defaults")
    .addHelpText("after", "\nExit codes: 0 written; 2 nothing was written.");
  withCommonOptions(command).action((folder: string | undefined, options: InitOptions) =>
    runCommand(options, (invocation) => init(folder, options, invocation)),
  );
}

async function init(
  folder: string | undefined,
  options: InitOptions,
  invocation: Invocation,
): Promise<number> {
  const { output } = invocation;
  let workflow: string | undefined;
  if (options.github) {
    const { writeGitHubWorkflow } = await import("../init/github-workflow.ts");
    workflow = path.relative(process.cwd(), await writeGitHubWorkflow(process.cwd()));
    if (!output.json) output.print(`${output.paint("green", "✓")} ${workflow} evaluates every pull request`);
    if (folder === undefined && options.name === undefined && options.template === undefined) {
      if (output.json) output.printJson({ workflow });
      else output.print("Next: set the repository's variables, as docs/github.md of Flowgate says");
      return EXIT_CODE.pass;
    }
  }
  const [{ isTemplate, templateFiles, TEMPLATES }, { checkFlowName }, { writeFolder, checkFree }] =
    await Promise.all([
      import("../init/templates.ts"),
      import("../flow-name.ts"),
      import("../write-folder.ts"),
    ]);
  if (options.template !== undefined && !isTemplate(options.template))
    throw unknownTemplate(options.template, Object.keys(TEMPLATES));
  if (folder !== undefined) await checkFree(folder, undefined);
  const { name, template } = await choose(folder, options, invocation);
  if (!isTemplate(template)) throw unknownTemplate(template, Object.keys(TEMPLATES));
  checkFlowName(name);
  const into = folder ?? path.join("flows", name);
  const files = await templateFiles(template, name);
  const { editorFiles } = await import("../init/editor-files.ts");
  const editor = await editorFiles(into);
  files.set("flow.yaml", `${editor.modeline}\n${files.get("flow.yaml") ?? ""}`);
  for (const [file, text] of editor.files) files.set(file, text);
  await writeFolder(into, files, undefined);
  const { ignoreData } = await import("../init/ignore-data.ts");
  const ignored = await ignoreData(into);
  const { checkFolder } = await import("../check-folder.ts");
  const { diagnostics } = await checkFolder(into);
  if (output.json) {
    const written = [...files.keys()].sort();
    output.printJson({
      flow: name,
      template,
      folder: into,
      files: written,
      gitignore: ignored && path.relative(process.cwd(), ignored),
      workflow,
      diagnostics,
    });
    return EXIT_CODE.pass;
  }
  output.print(`${output.paint("green", "✓")} ${name} is in ${into}: ${TEMPLATES[template]}`);
  for (const file of [...files.keys()].filter((one) => !one.startsWith(".")).sort())
    output.print(`  ${file}`);
  if (ignored !== undefined) output.print(`  .flowgate/ is now in ${path.relative(process.cwd(), ignored)}`);
  output.print(`Next: edit ${path.join(into, "flow.yaml")}, then`);
  const word = /^[\w./\\:@-]+$/.test(into) ? into : `"${into}"`;
  output.print(`  flowgate validate ${word}`);
  output.print(`  flowgate push ${word} --wait`);
  return EXIT_CODE.pass;
}

/** What was not said is asked on a terminal, and is the default elsewhere. */
async function choose(
  folder: string | undefined,
  options: InitOptions,
  { signal, output }: Invocation,
): Promise<{ name: string; template: string }> {
  const { TEMPLATES } = await import("../init/templates.ts");
  const { toFlowName } = await import("../flow-name.ts");
  const proposed = toFlowName(folder === undefined ? "my-flow" : path.basename(path.resolve(folder)));
  const asks = options.yes !== true && !output.json && process.stdin.isTTY;
  if (!asks) return { name: options.name ?? proposed, template: options.template ?? "chat" };
  const { askText } = await import("../ask-text.ts");
  const name = options.name ?? (await askText("Name of the flow?", proposed, signal));
  if (options.template !== undefined) return { name, template: options.template };
  for (const [template, purpose] of Object.entries(TEMPLATES))
    output.note(`  ${template.padEnd(9)} ${purpose}`);
  return { name, template: await askText("Begin with which?", "chat", signal) };
}

function unknownTemplate(name: string, known: string[]): CommandError {
  return new CommandError(`There is no template ${name}. Take ${known.join(", ")}.`);
}
