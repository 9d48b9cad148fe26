import { CsvError, parse } from "csv-parse/sync";
import { messageOf } from "../errors.ts";
import type { Diagnostic, FlowFiles } from "../model/flow.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings, START, type Findings } from "./diagnostics.ts";
import { filesAt, missingPathRemedy, PATH_REMEDY, pathProblem } from "./flow-paths.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { positionAt } from "./jinja/template-error.ts";
import { itemOffsets, jsonErrorOffset } from "./json-positions.ts";

/** One record of a knowledge file or a dataset, and where it stands. */
export interface FileRecord {
  value: Record<string, unknown>;
  file: string;
  line: number;
}

export const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_RECORD_BYTES = 10 * 1024 * 1024;
export const MAX_RECORDS = 200_000;
const MAX_DEPTH = 64;

const SUPPORTED = /\.(jsonl|ndjson|json|csv)$/i;

/**
 * The records at a path: lines of JSONL, items of a JSON list (or of the one list in a JSON object), rows of CSV, or
 * all of these in the files of a folder. What cannot be read is named by file, line and column.
 */
export function readRecords(
  path: string,
  files: FlowFiles,
): { records: FileRecord[]; diagnostics: Diagnostic[] } {
  const findings = createFindings();
  const problem = pathProblem(path);
  if (problem !== undefined) {
    findings.error(FLOW_FILE, START, `${path}: ${problem}`, PATH_REMEDY);
    return { records: [], diagnostics: findings.list };
  }
  const found = filesAt(path, files).filter((file) => SUPPORTED.test(file));
  if (found.length === 0) {
    const isFile = files.has(path);
    const message = isFile ? `${path} is not JSONL, JSON or CSV.` : `There is no file or folder ${path}.`;
    findings.error(
      isFile ? path : FLOW_FILE,
      START,
      message,
      isFile ? undefined : missingPathRemedy(path, files),
    );
  }
  const records: FileRecord[] = [];
  for (const file of found) {
    for (const record of recordsOf(file, files.get(file) ?? new Uint8Array(), findings)) {
      if (records.length >= MAX_RECORDS) {
        findings.error(
          file,
          { line: record.line, column: 1 },
          `There are more than ${MAX_RECORDS} records.`,
          "Sample them.",
        );
        return { records, diagnostics: findings.list };
      }
      records.push(record);
    }
  }
  return { records, diagnostics: findings.list };
}

function recordsOf(file: string, bytes: Uint8Array, findings: Findings): FileRecord[] {
  if (bytes.length > MAX_FILE_BYTES) {
    findings.error(
      file,
      START,
      `The file has ${bytes.length} bytes; the limit is 32 MB.`,
      "Split it, or sample it.",
    );
    return [];
  }
  const text = decodeText(file, bytes, findings);
  if (text === undefined) return [];
  if (/\.csv$/i.test(file)) return csvRecords(file, text, findings);
  return /\.json$/i.test(file) ? jsonRecords(file, text, findings) : lineRecords(file, text, findings);
}

function lineRecords(file: string, text: string, findings: Findings): FileRecord[] {
  return text.split("\n").flatMap((line, index) => {
    const place = { line: index + 1, column: 1 };
    if (line.trim() === "") return [];
    if (line.length > MAX_RECORD_BYTES) {
      findings.error(file, place, `The line has ${line.length} characters; the limit is 10 MB.`);
      return [];
    }
    const value = parseJson(file, line, findings, index);
    return value === undefined ? [] : (recordOf(file, value, place.line, findings) ?? []);
  });
}

function jsonRecords(file: string, text: string, findings: Findings): FileRecord[] {
  if (text.trim() === "") {
    findings.error(file, START, "The file is empty.");
    return [];
  }
  const value = parseJson(file, text, findings, 0);
  if (value === undefined) return [];
  if (Array.isArray(value)) {
    const offsets = itemOffsets(text);
    let line = 1;
    let at = 0;
    return value.flatMap((item: unknown, index) => {
      const offset = offsets[index] ?? at;
      line += positionAt(text.slice(at, offset), offset - at).line - 1;
      at = offset;
      return recordOf(file, item, line, findings) ?? [];
    });
  }
  const lists = Object.values(value).filter((entry) => Array.isArray(entry));
  const only = Object.keys(value).length === 1 ? lists[0] : undefined;
  if (only !== undefined) return only.flatMap((item: unknown) => recordOf(file, item, 1, findings) ?? []);
  return [{ value: value as Record<string, unknown>, file, line: 1 }];
}

function parseJson(file: string, text: string, findings: Findings, lineOffset: number): object | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { line, column } = positionAt(text, jsonErrorOffset(text) ?? 0);
    const message =
      error instanceof Error ? error.message.replace(/ \(line \d+ column \d+\)$/, "") : String(error);
    findings.error(file, { line: line + lineOffset, column }, `This is not JSON: ${message.slice(0, 200)}.`);
    return undefined;
  }
  if (typeof value === "object" && value !== null) return value;
  findings.error(
    file,
    { line: 1 + lineOffset, column: 1 },
    "A record is a JSON object.",
    'Write it as {"name": "value"}.',
  );
  return undefined;
}

function recordOf(file: string, value: unknown, line: number, findings: Findings): FileRecord | undefined {
  if (isDeeper(value, MAX_DEPTH)) {
    findings.error(
      file,
      { line, column: 1 },
      `The record is nested more than ${MAX_DEPTH} levels deep.`,
      "Flatten it.",
    );
    return undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return { value: value as Record<string, unknown>, file, line };
  }
  findings.error(file, { line, column: 1 }, "A record is a JSON object.", 'Write it as {"name": "value"}.');
  return undefined;
}

function csvRecords(file: string, text: string, findings: Findings): FileRecord[] {
  let rows: { record: string[]; info: { lines: number } }[];
  try {
    rows = parse(text, {
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: MAX_RECORD_BYTES,
    }) as unknown as typeof rows;
  } catch (error) {
    const lines = error instanceof CsvError && typeof error.lines === "number" ? error.lines : 1;
    const message = messageOf(error);
    findings.error(
      file,
      { line: lines, column: 1 },
      `This is not CSV: ${message}.`,
      "Double every quote inside quotes.",
    );
    return [];
  }
  const [header, ...body] = rows;
  if (header === undefined) {
    findings.error(file, START, "The file is empty.", "Its first row names the columns.");
    return [];
  }
  const columns = header.record.map((name) => name.trim());
  const repeated = columns.find((name, index) => name === "" || columns.indexOf(name) !== index);
  if (repeated !== undefined) {
    const message = repeated === "" ? "A column has no name." : `The column ${repeated} is named twice.`;
    findings.error(file, START, message);
    return [];
  }
  return body.flatMap(({ record, info }, index) => {
    const line = ((index === 0 ? header : body[index - 1])?.info.lines ?? 0) + 1;
    if (record.length !== columns.length) {
      const message = `The row has ${record.length} columns, the header ${columns.length}.`;
      findings.error(file, { line: Math.min(line, info.lines), column: 1 }, message);
      return [];
    }
    return [{ value: Object.fromEntries(columns.map((name, at) => [name, record[at]])), file, line }];
  });
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
