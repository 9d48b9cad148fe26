import { piecesOf, sizeOf } from "./file-pieces.ts";
import type { Diagnostic, FlowFiles } from "../model/flow.ts";
import { csvRecords } from "./csv-records.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings, START, type Findings } from "./diagnostics.ts";
import type { FileRecord } from "./file-record.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { filesAt, missingPathRemedy, PATH_REMEDY, pathProblem } from "./flow-paths.ts";
import { createLineReader } from "./json-lines.ts";
import { jsonRecords } from "./json-records.ts";
import { recordsInPieces } from "./records-in-pieces.ts";
import { isText } from "./text-pieces.ts";

export const MAX_FILE_BYTES = 32 * 1024 * 1024;
export const MAX_RECORDS = 200_000;

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
  const records: FileRecord[] = [];
  for (const batch of batchesAt(path, files, findings)) for (const record of batch) records.push(record);
  return { records, diagnostics: findings.list };
}

/** As `readRecords`, one after the other: of a large file, a piece is held at a time. */
export function* recordsAt(path: string, files: FlowFiles, findings: Findings): Generator<FileRecord> {
  for (const batch of batchesAt(path, files, findings)) for (const record of batch) yield record;
}

/** In batches, because generators that hand on one record each cost as much as parsing it. */
function* batchesAt(path: string, files: FlowFiles, findings: Findings): Generator<FileRecord[]> {
  const problem = pathProblem(path);
  if (problem !== undefined) {
    findings.error(FLOW_FILE, START, `${path}: ${problem}`, PATH_REMEDY);
    return;
  }
  const found = filesAt(path, files).filter((file) => SUPPORTED.test(file));
  if (found.length === 0) {
    const isFile = files.has(path);
    const message = isFile ? `${path} is not JSONL, JSON or CSV.` : `There is no file or folder ${path}.`;
    findings.error(
      isFile ? path : FLOW_FILE,
      START,
      message,
      isFile ? "Name it .jsonl, .json or .csv, as what it holds." : missingPathRemedy(path, files),
    );
  }
  let count = 0;
  for (const file of found) {
    for (const batch of batchesOf(file, files, findings)) {
      const excess = batch[MAX_RECORDS - count];
      yield excess === undefined ? batch : batch.slice(0, MAX_RECORDS - count);
      if (excess !== undefined) {
        findings.error(file, excess, `There are more than ${MAX_RECORDS} records.`, "Sample them.");
        return;
      }
      count += batch.length;
    }
  }
}

function* batchesOf(file: string, files: FlowFiles, findings: Findings): Generator<FileRecord[]> {
  const size = sizeOf(file, files);
  if (size > MAX_FILE_BYTES) {
    findings.error(file, START, `The file has ${size} bytes; the limit is 32 MB.`, "Split it, or sample it.");
    return;
  }
  // A file in another encoding is none of ours, as a whole.
  if (!/\.(json|csv)$/i.test(file) && isText(file, files)) {
    const lines = createLineReader(file, findings);
    for (const piece of piecesOf(file, files)) yield lines.push(piece);
    yield lines.end();
    return;
  }
  const given = files.large?.(file) ? yield* recordsInPieces(file, files, findings) : 0;
  if (given === undefined) return;
  const text = decodeText(file, files.get(file) ?? new Uint8Array(), findings);
  if (text === undefined) return;
  const records = /\.csv$/i.test(file) ? csvRecords(file, text, findings) : jsonRecords(file, text, findings);
  yield given === 0 ? records : records.slice(given);
}
