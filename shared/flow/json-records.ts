import { START, type Findings } from "./diagnostics.ts";
import { recordOf, type FileRecord } from "./file-record.ts";
import { positionAt } from "./jinja/template-error.ts";
import { jsonItems, jsonMembers, pastSpace } from "./json-members.ts";
import { createJsonReport } from "./report-json.ts";
import { parseStrictJson } from "./strict-json.ts";

/** The records of a JSON file: the items of a list, or of the one list in an object, or the object itself. */
export function jsonRecords(file: string, text: string, findings: Findings): FileRecord[] {
  if (text.trim() === "") {
    findings.error(file, START, "The file is empty.");
    return [];
  }
  const { value, problems } = parseStrictJson(text);
  createJsonReport(file, findings)(problems, (offset) => positionAt(text, offset));
  if (value === undefined) return [];
  const start = pastSpace(text, 0);
  if (Array.isArray(value)) return itemRecords(file, text, value, start, findings);
  const [only, another] = typeof value === "object" && value !== null ? Object.values(value) : [];
  if (another === undefined && Array.isArray(only)) {
    return itemRecords(file, text, only, jsonMembers(text, start)[0]?.value ?? start, findings);
  }
  const { line, column } = positionAt(text, start);
  const record = recordOf(value, file, line, column, findings);
  return record === undefined ? [] : [record];
}

function itemRecords(
  file: string,
  text: string,
  items: readonly unknown[],
  start: number,
  findings: Findings,
): FileRecord[] {
  const records: FileRecord[] = [];
  const offsets = jsonItems(text, start);
  let line = 1;
  let lineStart = 0;
  for (const [index, item] of items.entries()) {
    const offset = offsets[index] ?? start;
    for (
      let end = text.indexOf("\n", lineStart);
      end >= 0 && end < offset;
      end = text.indexOf("\n", lineStart)
    ) {
      line += 1;
      lineStart = end + 1;
    }
    const record = recordOf(item, file, line, offset - lineStart + 1, findings);
    if (record !== undefined) records.push(record);
  }
  return records;
}
