import { brokenItems, type PlacedItem } from "./broken-items.ts";
import { START, type Findings, type Place } from "./diagnostics.ts";
import { recordOf, type FileRecord } from "./file-record.ts";
import { positionAt } from "./jinja/template-error.ts";
import { jsonItems, jsonMembers, pastSpace } from "./json-members.ts";
import { createJsonReport } from "./report-json.ts";
import { parseStrictJson } from "./strict-json.ts";

/**
 * The records of a JSON file: the items of a list, or of the one list in an object, or the object itself. Of a list with
 * an item that cannot be read, those that can.
 */
export function jsonRecords(file: string, text: string, findings: Findings): FileRecord[] {
  if (text.trim() === "") {
    findings.error(file, START, "The file is empty.");
    return [];
  }
  const { value, problems } = parseStrictJson(text);
  const report = createJsonReport(file, findings);
  const start = pastSpace(text, 0);
  if (value === undefined) {
    const parts = brokenItems(text, start);
    if (parts.problems.length === 0) report(problems, (offset) => positionAt(text, offset));
    report(parts.problems, (offset) => positionAt(text, offset));
    return itemRecords(file, text, parts.items, findings);
  }
  report(problems, (offset) => positionAt(text, offset));
  const listAt = Array.isArray(value) ? start : onlyListAt(value, text, start);
  if (listAt !== undefined) {
    const items = (Array.isArray(value) ? value : Object.values(value as object)[0]) as unknown[];
    const offsets = jsonItems(text, listAt);
    const placed = items.map((item, index) => ({ value: item, offset: offsets[index] ?? listAt }));
    return itemRecords(file, text, placed, findings);
  }
  const { line, column } = positionAt(text, start);
  const record = recordOf(value, file, line, column, findings);
  return record === undefined ? [] : [record];
}

/** Where the one list in an object starts; undefined for what is no object or holds more. */
function onlyListAt(value: unknown, text: string, start: number): number | undefined {
  const [only, another] = typeof value === "object" && value !== null ? Object.values(value) : [];
  if (another !== undefined || !Array.isArray(only)) return undefined;
  return jsonMembers(text, start)[0]?.value ?? start;
}

/** The records in items of a text that starts at a place of its file. */
export function itemRecords(
  file: string,
  text: string,
  items: readonly PlacedItem[],
  findings: Findings,
  start: Place = START,
): FileRecord[] {
  const records: FileRecord[] = [];
  let { line } = start;
  let lineStart = 1 - start.column;
  // Looked for once a line, and not once an item: a file can be one long line of them.
  let lineEnd = text.indexOf("\n");
  for (const { value, offset } of items) {
    for (; lineEnd >= 0 && lineEnd < offset; lineEnd = text.indexOf("\n", lineStart)) {
      line += 1;
      lineStart = lineEnd + 1;
    }
    const record = recordOf(value, file, line, offset - lineStart + 1, findings);
    if (record !== undefined) records.push(record);
  }
  return records;
}
