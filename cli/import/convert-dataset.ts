import path from "node:path";
import { historyMessages } from "../../shared/flow/chat-history.ts";
import { hasErrors, type Findings } from "../../shared/flow/diagnostics.ts";
import type { FileRecord } from "../../shared/flow/file-record.ts";
import { readRecords } from "../../shared/flow/records.ts";
import { scalarText } from "../../shared/flow/scalar-text.ts";
import { carryImages } from "./carry-images.ts";
import { groundTruthColumn, type DatasetPlan } from "./dataset-plan.ts";
import type { Fields } from "./fields.ts";
import type { ImportedInput } from "./imported-flow.ts";
import type { ImportSource } from "./import-source.ts";
import { typedValue } from "./typed-value.ts";

/** The rows of a dataset of the new flow. */
export interface ImportedDataset {
  /** In the new flow's folder. */
  path: string;
  rows: Fields[];
  /** How many of them have an expected answer. */
  withGroundTruth: number;
  /** Which column that was, for people to check. */
  groundTruthFrom: string | undefined;
  /** The image files that rows name, by path in the new flow's folder. */
  images: Map<string, Uint8Array>;
}

/** A dataset with its columns named as the flow's inputs and its expected answers under `ground_truth`. */
export async function convertDataset(
  plan: DatasetPlan,
  inputs: readonly ImportedInput[],
  source: ImportSource,
  findings: Findings,
): Promise<ImportedDataset | undefined> {
  const records = await recordsAt(plan.path, plan, source, findings);
  if (records === undefined) return undefined;
  const expected = await expectedAnswers(plan, records, source, findings);
  const columns = [...new Set(records.slice(0, 1000).flatMap(({ value }) => Object.keys(value)))];
  const taken = new Set<string>();
  const constants: Fields = {};
  const columnOf = new Map<string, ImportedInput>();
  for (const input of inputs) {
    const mapped = plan.mapping.get(input.from);
    if (mapped?.kind === "constant") constants[input.to] = typedValue(input.type, mapped.value);
    if (mapped?.kind === "run") {
      const message = `${input.from} is taken from ${mapped.written}, the result of another run.`;
      findings.warning(plan.mentionedIn, mapped.place, message, `Write it into the dataset as ${input.to}.`);
    }
    const own = columns.includes(input.from) ? input.from : input.to;
    const column = mapped === undefined ? own : mapped.kind === "column" ? mapped.column : undefined;
    if (column === undefined) continue;
    if (columns.includes(column)) {
      columnOf.set(column, input);
      taken.add(column);
    } else if (mapped !== undefined) {
      const message = `The dataset ${plan.path} has no column ${column}; it has ${columns.slice(0, 20).join(", ")}.`;
      findings.warning(plan.mentionedIn, mapped.place, message, "Correct the mapping, or add the column.");
    }
  }
  // What the mapping names beside the flow's inputs: an evaluator's columns, the expected answer among them.
  const renamed = new Map<string, string>();
  let mappedTruth: string | undefined;
  for (const [target, mapped] of plan.mapping) {
    if (mapped.kind !== "column" || inputs.some((input) => input.from === target)) continue;
    if (!columns.includes(mapped.column)) continue;
    if (groundTruthColumn([target]) === undefined) renamed.set(mapped.column, target);
    else mappedTruth = mapped.column;
  }
  const truth =
    expected === undefined
      ? (mappedTruth ?? groundTruthColumn(columns.filter((column) => !taken.has(column))))
      : undefined;
  let withGroundTruth = 0;
  const reserved = new Set([...inputs.map(({ to }) => to), "ground_truth"]);
  const rows = records.map(({ value }, index) => {
    const row: Fields = {};
    for (const [column, given] of Object.entries(value)) {
      const input = columnOf.get(column);
      if (input !== undefined)
        row[input.to] = input.isHistory
          ? (historyMessages(parsedHistory(given)) ?? given)
          : typedValue(input.type, given);
      else if (column !== truth && !reserved.has(column)) row[renamed.get(column) ?? column] = given;
    }
    Object.assign(row, constants);
    const answer = textFor(
      expected === undefined ? (truth === undefined ? undefined : value[truth]) : expected.answers[index],
    );
    if (answer !== undefined && answer !== "") {
      row.ground_truth = answer;
      withGroundTruth += 1;
    }
    return row;
  });
  const pictured = inputs.filter(({ isImage }) => isImage).map(({ to }) => to);
  const folders = { from: path.posix.dirname(plan.path), to: `images/${fileName(plan.name)}` };
  const images = await carryImages(rows, pictured, folders, source);
  return {
    path: `data/${fileName(plan.name)}.jsonl`,
    // An input called id is the flow's own.
    rows: reserved.has("id") ? rows : withIds(rows),
    withGroundTruth,
    groundTruthFrom: expected?.column ?? truth,
    images,
  };
}

async function recordsAt(
  file: string,
  plan: Pick<DatasetPlan, "mentionedIn" | "place">,
  source: ImportSource,
  findings: Findings,
): Promise<FileRecord[] | undefined> {
  if (!/\.(jsonl|ndjson|json|csv|tsv)$/i.test(file)) {
    const message = `${file} is no JSONL, JSON, CSV or TSV file: its rows are not carried over.`;
    findings.warning(plan.mentionedIn, plan.place, message, "Save it as JSONL, name that, and import again.");
    return undefined;
  }
  const bytes = await source.bytes(file, plan.mentionedIn, plan.place, findings);
  if (bytes === undefined) return undefined;
  const tabs = /\.tsv$/i.test(file);
  // The reader knows files by their ending alone; places in findings are given the file's own name again.
  const name = tabs ? "data.csv" : `data${path.posix.extname(file).toLowerCase()}`;
  const content = tabs ? Buffer.from(tabsToCommas(Buffer.from(bytes).toString("utf8"))) : bytes;
  const { records, diagnostics } = readRecords(name, new Map([[name, content]]));
  for (const found of diagnostics) findings.list.push({ ...found, file });
  if (hasErrors(diagnostics)) return undefined;
  if (records.length > 0) return records;
  findings.warning(plan.mentionedIn, plan.place, `${file} has no rows.`, "Add some to the new dataset.");
  return undefined;
}

function tabsToCommas(text: string): string {
  return text
    .split("\n")
    .map((line) =>
      line
        .replace(/\r$/, "")
        .split("\t")
        .map((cell) => (/^".*"$/.test(cell) ? cell : `"${cell.replaceAll('"', '""')}"`))
        .join(","),
    )
    .filter((line) => line !== '""')
    .join("\n");
}

/** Where an evaluator's dataset holds the answers, they belong to the rows by their order. */
async function expectedAnswers(
  plan: DatasetPlan,
  rows: FileRecord[],
  source: ImportSource,
  findings: Findings,
): Promise<{ answers: unknown[]; column: string } | undefined> {
  if (plan.groundTruth === undefined) return undefined;
  const { path: file, column, place } = plan.groundTruth;
  const records = file === plan.path ? rows : await recordsAt(file, { ...plan, place }, source, findings);
  if (records === undefined) return undefined;
  if (records.length !== rows.length) {
    const message = `${file} has ${records.length} rows and ${plan.path} ${rows.length}: which answer belongs to which is not said.`;
    findings.warning(plan.mentionedIn, place, message, "Write the answers into the dataset as ground_truth.");
    return undefined;
  }
  return { answers: records.map(({ value }) => value[column]), column };
}

/** In CSV a history is written as JSON. */
function parsedHistory(value: unknown): unknown {
  if (typeof value !== "string" || !value.trim().startsWith("[")) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function textFor(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return scalarText(value) ?? JSON.stringify(value);
}

/** Ids that are not one per row would be refused; without any, rows are named by their content. */
function withIds(rows: Fields[]): Fields[] {
  const ids = rows.map(({ id }) => id);
  const unique = new Set(ids.map((id) => String(id))).size === rows.length;
  const fine = unique && ids.every((id) => (typeof id === "string" && id !== "") || typeof id === "number");
  if (fine) return rows;
  const width = String(rows.length).length;
  return rows.map(({ id: _id, ...row }, index) => ({
    id: `row-${String(index + 1).padStart(width, "0")}`,
    ...row,
  }));
}

function fileName(name: string): string {
  const plain = name.replace(/[^\w-]+/g, "-").replace(/^-+|-+$/g, "");
  return plain === "" || plain === "data" ? "questions" : plain;
}
