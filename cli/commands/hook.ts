import { access, chmod, constants, mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { changedFlows } from "../changed-flows.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { git } from "../git.ts";
import { namesakes } from "../namesakes.ts";
import {
  foreignInterpreter,
  isEmptyHook,
  shellLines,
  withoutSection,
  withSection,
} from "../hook/hook-script.ts";
import { lastingCommand } from "../hook/lasting-command.ts";
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
  const { file, isHusky } = await hookFile();
  const present = await read(file);
  const root = await git(process.cwd(), ["rev-parse", "--show-toplevel"]);
  if (root === undefined) throw noCheckout();
  const nodeFolder = path.dirname(process.execPath);
  const command = await lastingCommand(root, await realpath(process.cwd()), process.argv[1] ?? "");
  if (present !== undefined) await checkHook({ file, isHusky }, present, shellLines(command, nodeFolder));
  const text = withSection(present, command, nodeFolder);
  if (text !== present) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, 0o755);
  }
  if (output.json) output.printJson({ hook: file, installed: true });
  else {
    output.print(`${output.paint("green", "✓")} Every commit now pushes the flows it changes.`);
    output.print(`  ${file} runs ${command}; what it says goes to flowgate-hook.log in git's folder`);
    if (isHusky) output.print("  Husky runs it. Committed, it pushes the commits of everybody who has it.");
  }
  return EXIT_CODE.pass;
}

/** Refuses a hook that git or what runs it would not take the part from. */
async function checkHook({ file, isHusky }: HookFile, hook: string, lines: string): Promise<void> {
  const interpreter = foreignInterpreter(hook);
  if (interpreter !== undefined) {
    throw new CommandError(
      `${file} is run by ${interpreter}, which reads no shell, so nothing was added. Have it start this by \`sh -c\`:\n\n${lines}\n`,
    );
  }
  const runs = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!runs && !isHusky) {
    throw new CommandError(
      `${file} is not executable, so git passes over it, and nothing was added. ` +
        "`chmod +x` it to have it run, or remove it; then install again.",
    );
  }
}

async function uninstall({ output }: Invocation): Promise<number> {
  const { file } = await hookFile();
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
  const paths = folders.map((folder) => path.join(root, folder));
  const sameName = await namesakes(paths);
  for (const folder of paths) {
    try {
      const others = sameName.get(folder) ?? [];
      if (others.length > 0) {
        throw new CommandError(`named as ${others.join(", ")} is, and not pushed: rename one.`);
      }
      code = Math.max(code, await pushFolder(folder, {}, invocation));
    } catch (error) {
      invocation.signal.throwIfAborted();
      invocation.output.note(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
      code = EXIT_CODE.error;
    }
  }
  return code;
}

interface HookFile {
  file: string;
  /** Husky hands it to `sh`; it need not be executable. */
  isHusky: boolean;
}

/**
 * Where git looks for it: of a linked worktree the repository's own, and wherever `core.hooksPath` says. Husky points
 * that to a folder `_`, which it writes anew whenever packages are installed, and runs what lies beside it.
 */
async function hookFile(): Promise<HookFile> {
  const found = await git(process.cwd(), ["rev-parse", "--git-path", "hooks/post-commit"]);
  if (found === undefined) throw noCheckout();
  const file = path.resolve(found);
  const folder = path.dirname(file);
  const isHusky = path.basename(folder) === "_" && path.basename(path.dirname(folder)) === ".husky";
  return { file: isHusky ? path.resolve(folder, "../post-commit") : file, isHusky };
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
