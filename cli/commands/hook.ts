import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { changedFlows } from "../changed-flows.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { git } from "../git.ts";
import { isEmptyHook, quoted, withoutSection, withSection } from "../hook/hook-script.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";
import { pushFolder } from "./push.ts";

/** `flowgate hook install | uninstall | run` */
export function addHook(program: Command): void {
  const hook = program
    .command("hook")
    .description("push the flows that a commit changes, whenever git makes one: install, uninstall");
  const verbs: Record<string, [string, (invocation: Invocation) => Promise<number>]> = {
    install: ["add it to this repository's post-commit hook, which keeps what it does already", install],
    uninstall: ["take it out again", uninstall],
    run: ["what the hook calls: push the flows that the last commit changed", run],
  };
  for (const [verb, [description, act]] of Object.entries(verbs)) {
    withCommonOptions(hook.command(verb).description(description)).action((options: CommonOptions) =>
      runCommand(options, act),
    );
  }
}

async function install({ output }: Invocation): Promise<number> {
  const file = await hookFile();
  const present = await read(file);
  // By its path: the hook of a commit from an editor has no `npx` and no node_modules/.bin.
  const command = [process.execPath, process.argv[1] ?? "flowgate"].map(quoted).join(" ");
  const text = withSection(present, command);
  if (text !== present) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, 0o755);
  }
  if (output.json) output.printJson({ hook: file, installed: true });
  else {
    output.print(`${output.paint("green", "✓")} Every commit now pushes the flows it changes.`);
    output.print(`  ${file}; what it says goes to flowgate-hook.log in git's folder`);
  }
  return EXIT_CODE.pass;
}

async function uninstall({ output }: Invocation): Promise<number> {
  const file = await hookFile();
  const present = await read(file);
  const rest = present === undefined ? "" : withoutSection(present);
  if (present !== undefined && rest !== present) {
    if (isEmptyHook(rest)) await rm(file);
    else await writeFile(file, rest);
  }
  if (output.json) output.printJson({ hook: file, installed: false });
  else output.print("Commits push nothing.");
  return EXIT_CODE.pass;
}

/** Pushes one flow after the other; one that cannot be pushed does not keep back the others. */
async function run(invocation: Invocation): Promise<number> {
  const root = await git(process.cwd(), ["rev-parse", "--show-toplevel"]);
  if (root === undefined) throw noCheckout();
  const words = ["diff-tree", "--root", "--no-commit-id", "--name-only", "-r", "-m", "--first-parent", "-z"];
  const listed = await git(root, [...words, "HEAD"]);
  const files = new Set((listed ?? "").split("\0").filter((file) => file !== ""));
  const { folders, gone } = await changedFlows(root, [...files]);
  for (const folder of gone) {
    invocation.output.note(`flow.yaml is gone from ${folder}; production serves it until \`flowgate stop\`.`);
  }
  let code: number = EXIT_CODE.pass;
  for (const folder of folders) {
    try {
      code = Math.max(code, await pushFolder(path.join(root, folder), {}, invocation));
    } catch (error) {
      invocation.signal.throwIfAborted();
      invocation.output.note(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
      code = EXIT_CODE.error;
    }
  }
  return code;
}

/** Where git looks for it: of a linked worktree the repository's own, and wherever `core.hooksPath` says. */
async function hookFile(): Promise<string> {
  const file = await git(process.cwd(), ["rev-parse", "--git-path", "hooks/post-commit"]);
  if (file === undefined) throw noCheckout();
  return path.resolve(file);
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

function noCheckout(): CommandError {
  return new CommandError("This folder is in no git repository. Run it in one, or `git init` first.");
}
