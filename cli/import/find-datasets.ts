import path from "node:path";
import { createFindings, START, type Findings } from "../../shared/flow/diagnostics.ts";
import { readRecords } from "../../shared/flow/records.ts";
import type { DatasetPlan } from "./dataset-plan.ts";
import type { ImportedInput } from "./imported-flow.ts";
import type { ImportSource } from "./import-source.ts";
import { readRun, type Run } from "./read-run.ts";

const RUN_FILE = /^(?:[\w-]+[._-])?run\.ya?ml$/i;
const DATA_FILE = /\.(jsonl|csv|tsv)$/i;

/** The run that is named; else the first beside the flow whose data is there. Undefined: none. */
export async function findRun(
  flowFile: string,
  run: string | undefined,
  source: ImportSource,
  findings: Findings,
): Promise<Run | undefined> {
  if (run !== undefined) {
    const text = await source.text(run, run, START, findings);
    return text === undefined ? undefined : readRun(run, text, true, findings);
  }
  const folder = path.posix.dirname(flowFile);
  for (const name of (await source.list(folder)).filter((other) => RUN_FILE.test(other))) {
    const file = path.posix.join(folder, name);
    const text = await source.text(file, file, START, findings);
    const found = text === undefined ? undefined : readRun(file, text, false, findings);
    if (found?.plan !== undefined && (await source.has(found.plan.path))) return found;
  }
  return undefined;
}

/** Where no run names one: the dataset beside the flow, or in its data folder, whose columns are the flow's inputs. */
export async function findDatasets(
  flowFile: string,
  inputs: readonly ImportedInput[],
  source: ImportSource,
): Promise<DatasetPlan[]> {
  const folder = path.posix.dirname(flowFile);
  const names = await source.list(folder);
  const beside = names.map((name) => path.posix.join(folder, name));
  const inside = (await source.list(path.posix.join(folder, "data"))).map((name) =>
    path.posix.join(folder, "data", name),
  );
  for (const file of [...beside, ...inside].filter((name) => DATA_FILE.test(name))) {
    if (!(await coversInputs(file, inputs, source))) continue;
    const name = path.posix.basename(file).replace(/\.\w+$/, "");
    return [
      { path: file, name, mapping: new Map(), groundTruth: undefined, mentionedIn: file, place: START },
    ];
  }
  return [];
}

/** Whether the first rows have a column for each input that has no default. */
async function coversInputs(
  file: string,
  inputs: readonly ImportedInput[],
  source: ImportSource,
): Promise<boolean> {
  const bytes = await source.bytes(file, file, START, createFindings());
  if (bytes === undefined) return false;
  const head = new TextDecoder().decode(bytes).split("\n").slice(0, 5).join("\n");
  const tabs = /\.tsv$/i.test(file);
  const columns = tabs
    ? (head.split("\n")[0] ?? "").split("\t").map((name) => name.trim())
    : Object.keys(
        readRecords(
          "head" + path.posix.extname(file),
          new Map([["head" + path.posix.extname(file), Buffer.from(head)]]),
        ).records[0]?.value ?? {},
      );
  const needed = inputs.filter(({ hasDefault }) => !hasDefault);
  const asked = needed.length > 0 ? needed : inputs;
  return asked.length > 0 && asked.every(({ from, to }) => columns.includes(from) || columns.includes(to));
}
