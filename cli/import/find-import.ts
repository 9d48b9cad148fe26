import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.ts";

/** What is imported: its kind, the folder it is in, and its file there. */
export interface FoundImport {
  kind: "dag" | "flex" | "prompty" | "experiment";
  folder: string;
  file: string;
  /** What it is called, for want of a better name. */
  called: string;
}

/** The file by which a flow is read. */
export type FlowFile = Pick<FoundImport, "kind" | "file">;

/** Files that say what a folder is, the widest first: an experiment names the flow it is about. */
const KINDS: [FoundImport["kind"], RegExp][] = [
  ["experiment", /^experiment\.ya?ml$/i],
  ["dag", /^flow\.dag\.ya?ml$/i],
  ["flex", /^flow\.flex\.ya?ml$/i],
];
const BY_FILE: [FoundImport["kind"], RegExp][] = [
  ["experiment", /^experiment[^/]*\.ya?ml$/i],
  ["dag", /\.dag\.ya?ml$/i],
  ["flex", /\.flex\.ya?ml$/i],
  ["prompty", /\.prompty$/i],
];

const WHAT_CAN = "Name a folder of Prompt Flow, its flow.dag.yaml, an experiment.yaml or a .prompty file.";

/** Looks at a file or a folder. Throws `CommandError` that says what can be imported. */
export async function findImport(named: string): Promise<FoundImport> {
  const facts = await stat(named).catch(() => undefined);
  if (facts === undefined) throw new CommandError(`There is no ${named}. ${WHAT_CAN}`);
  if (facts.isDirectory()) {
    const called = path.basename(path.resolve(named));
    return { ...kindOfFolder(named, (await readdir(named)).sort()), folder: named, called };
  }
  const file = path.basename(named);
  const kind = BY_FILE.find(([, pattern]) => pattern.test(file))?.[0];
  if (kind === undefined) {
    throw new CommandError(`${named} is nothing that can be imported. ${WHAT_CAN}`);
  }
  const folder = path.dirname(named);
  const called = kind === "prompty" ? file.replace(/\.prompty$/i, "") : path.basename(path.resolve(folder));
  return { kind, folder, file, called };
}

/** What the files of a folder make it. Throws `CommandError`. */
export function kindOfFolder(folder: string, files: readonly string[]): FlowFile {
  for (const [kind, pattern] of KINDS) {
    const file = files.find((name) => pattern.test(name));
    if (file !== undefined) return { kind, file };
  }
  if (files.includes("flow.yaml")) {
    throw new CommandError(`${folder} is a flow of Flowgate already: flowgate validate ${folder}.`);
  }
  const prompts = files.filter((name) => name.endsWith(".prompty"));
  const [prompt] = prompts;
  if (prompt === undefined) {
    throw new CommandError(
      `${folder} holds no flow.dag.yaml, flow.flex.yaml, experiment.yaml or .prompty file. Name the folder that does.`,
    );
  }
  if (prompts.length > 1) {
    throw new CommandError(
      `${folder} holds several prompts: ${prompts.join(", ")}. Name the one that answers.`,
    );
  }
  return { kind: "prompty", file: prompt };
}
