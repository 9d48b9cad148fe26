import { stat } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { NotFoundError } from "../../shared/errors.ts";
import { evaluatedDifference } from "../../shared/report/evaluated-rows.ts";
import { suiteChanges } from "../../shared/report/suite-changes.ts";
import { versionChanges } from "../../shared/report/version-changes.ts";
import { chooseFlow } from "../choose-flow.ts";
import { CommandError } from "../command-error.ts";
import { folderSide } from "../diff/folder-side.ts";
import { type FlowDiff, printDiff } from "../diff/print-diff.ts";
import { registrySide, STANDING_NAMES } from "../diff/registry-side.ts";
import type { DiffSide } from "../diff/side.ts";
import { EXIT_CODE } from "../exit-code.ts";
import type { ManagementApi } from "../management-api.ts";
import { type CommonOptions, type Invocation, runCommand, withCommonOptions } from "../run-command.ts";

interface DiffOptions extends CommonOptions {
  flow?: string;
}

/** `flowgate diff [before] [after]` */
export function addDiff(program: Command): void {
  const command = program
    .command("diff")
    .description(
      "what two versions differ in: prompts, knowledge, parameters, guardrails, datasets, gate, and answers",
    )
    .argument("[before]", "flow@id, production, previous, latest, or a folder", "production")
    .argument("[after]", "the same", "latest")
    .option("--flow <name>", "the flow that production, previous and latest are of (default: the only one)")
    .addHelpText(
      "after",
      "\nFolders are compared as they would be pushed. Exit codes: 0 compared, 2 an error. See docs/reports.md.",
    );
  withCommonOptions(command).action((before: string, after: string, options: DiffOptions) =>
    runCommand(options, (invocation) => diff(before, after, options, invocation)),
  );
}

async function diff(
  first: string,
  second: string,
  options: DiffOptions,
  { output, connectApi }: Invocation,
): Promise<number> {
  let connected: ManagementApi | undefined;
  const connect = async (): Promise<ManagementApi> => (connected ??= await connectApi());
  const named = options.flow ?? flowIn(first) ?? flowIn(second);
  const folders = await Promise.all([first, second].map((text) => folderOf(text)));
  const ofFolder = folders.find((side) => side !== undefined)?.flow;
  const open = async (text: string, folder: DiffSide | undefined): Promise<DiffSide> => {
    if (folder) return folder;
    const api = await connect();
    const flow = flowIn(text) ?? named ?? ofFolder ?? (await chooseFlow(api, undefined));
    return registrySide(api, flow, versionIn(text));
  };
  const before = await open(first, folders[0]);
  const after = await open(second, folders[1]);
  const api = connected;
  const found: FlowDiff = {
    before: nameOf(before),
    after: nameOf(after),
    version: await versionChanges(before.snapshot, after.snapshot),
    suite: before.suite && after.suite && (await suiteChanges(before.suite, after.suite)),
    evaluated:
      api && (await evaluatedDifference(api, await withRuns(api, before), await withRuns(api, after))),
  };
  if (output.json) output.printJson(found);
  else output.print(printDiff(found, output));
  return EXIT_CODE.pass;
}

function nameOf({ label, flow, version }: DiffSide): FlowDiff["before"] {
  return { label, flow, version };
}

/** A folder that was pushed as it is has been judged. */
async function withRuns(api: ManagementApi, side: DiffSide): Promise<DiffSide> {
  if (side.runs.length > 0) return side;
  try {
    return { ...side, runs: (await api.version(side.flow, side.version)).runs };
  } catch (error) {
    if (error instanceof NotFoundError) return side;
    throw error;
  }
}

const VERSION = /^(?:([a-z0-9-]+)@)?([0-9a-f]{12})$/;

function flowIn(text: string): string | undefined {
  return VERSION.exec(text)?.[1];
}

function versionIn(text: string): string {
  const version = VERSION.exec(text)?.[2];
  if (version !== undefined) return version;
  if (STANDING_NAMES.some((name) => name === text)) return text;
  throw new CommandError(
    `${text} names no version. Give flow@id as \`flowgate history\` lists them, ${STANDING_NAMES.join(", ")}, or a folder with flow.yaml.`,
  );
}

/** What names a version is one, whatever folders there are; `./latest` is a folder. */
async function folderOf(text: string): Promise<DiffSide | undefined> {
  if (VERSION.test(text) || STANDING_NAMES.some((name) => name === text)) return undefined;
  const isFolder = await stat(path.join(text, "flow.yaml")).then(
    () => true,
    () => false,
  );
  return isFolder ? folderSide(text) : undefined;
}
