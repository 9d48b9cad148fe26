import type { FlowFiles } from "../model/flow.ts";
import { csvCells } from "./csv-cells.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings, START, type Place } from "./diagnostics.ts";
import { linesAt } from "./file-pieces.ts";
import type { FileRecord } from "./file-record.ts";
import { jsonMembers } from "./json-members.ts";
import { placeBehind } from "./place-behind.ts";
import { recordText } from "./record-text.ts";
import { isPlainText } from "./text-pieces.ts";

/**
 * Finds where a record's field has its value in the file, for messages: only what is wrong is looked for. Undefined for
 * a field that is not written there.
 */
export function createFieldPlaces(
  files: FlowFiles,
): (record: Omit<FileRecord, "value">, field: string) => Place | undefined {
  const read = new Map<string, { text: string; lineStarts: number[] }>();
  const textOf = (file: string): { text: string; lineStarts: number[] } => {
    const known = read.get(file);
    if (known !== undefined) return known;
    const text = decodeText(file, files.get(file) ?? new Uint8Array(), createFindings()) ?? "";
    const lineStarts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
    read.set(file, { text, lineStarts });
    return { text, lineStarts };
  };
  return ({ file, line, column }, field) => {
    if (/\.(jsonl|ndjson)$/i.test(file)) {
      const written = linesAt(file, new Set([line]), files).get(line) ?? "";
      const offset = memberOf(written, column - 1, field);
      return offset === undefined ? undefined : { line, column: offset + 1 };
    }
    const isCsv = /\.csv$/i.test(file);
    if (files.large?.(file) && isPlainText(file, files)) {
      const written = recordText(file, { line, column }, files);
      const header = isCsv ? recordText(file, START, files) : "";
      const offset = isCsv ? cellOf(header, written, 0, field) : memberOf(written, 0, field);
      return offset === undefined ? undefined : placeBehind({ line, column }, written, offset);
    }
    const { text, lineStarts } = textOf(file);
    const start = (lineStarts[line - 1] ?? 0) + column - 1;
    const offset = isCsv ? cellOf(text, text, start, field) : memberOf(text, start, field);
    if (offset === undefined) return undefined;
    let at = line;
    while ((lineStarts[at] ?? Infinity) <= offset) at += 1;
    return { line: at, column: offset - (lineStarts[at - 1] ?? 0) + 1 };
  };
}

function cellOf(header: string, text: string, start: number, field: string): number | undefined {
  const index = csvCells(header, 0).findIndex((cell) => cell.text.trim() === field);
  return index < 0 ? undefined : csvCells(text, start)[index]?.offset;
}

function memberOf(text: string, start: number, field: string): number | undefined {
  return jsonMembers(text, start).find(({ name }) => name === field)?.value;
}
