import type { PlacedItem } from "./broken-items.ts";
import { createFindings, START, type Findings, type Place } from "./diagnostics.ts";
import type { FileRecord } from "./file-record.ts";
import { pastSpace } from "./json-members.ts";
import { itemRecords } from "./json-records.ts";
import { createListScan } from "./list-scan.ts";
import { placeBehind } from "./place-behind.ts";
import type { RecordReader } from "./record-reader.ts";
import { createLateReport } from "./report-json.ts";
import { parseStrictJson } from "./strict-json.ts";

/** A reader of one JSON file that is a list; it holds a piece of it, or one item. */
export function createListReader(file: string, findings: Findings): RecordReader {
  const report = createLateReport(file, findings);
  const scan = createListScan();
  /** What has come behind the bracket, or the comma, up to which all is taken. */
  let begun = "";
  let start: Place = START;
  let state: "before" | "first" | "next" | "behind" = "before";

  /** The records in the items before an offset, behind which a comma or the list's end stands. */
  const take = (end: number): FileRecord[] | undefined => {
    const text = begun.slice(0, end);
    const { value, problems } = parseStrictJson(`[${text}]`);
    const starts = scan.taken(end + 1);
    const values = Array.isArray(value) ? (value as unknown[]) : [];
    // No item stands here where a comma is too many.
    const isNone = starts.length === 0 && (state === "next" || begun[end] === ",");
    const isWrong = value === undefined || values.length !== starts.length || begun[end] === "}";
    if (isNone || isWrong) return undefined;
    const items = starts.map((offset, index): PlacedItem => ({ value: values[index], offset }));
    const own = createFindings();
    const records = itemRecords(file, text, items, own, start);
    if (own.list.length > 0) return undefined;
    if (problems.length > 0) report.add(problems, (offset) => placeBehind(start, begun, offset - 1));
    state = begun[end] === "," ? "next" : "behind";
    start = placeBehind(start, begun, end + 1);
    begun = begun.slice(end + 1);
    return records;
  };

  return {
    push(piece) {
      begun += piece;
      if (state === "before") {
        const bracket = pastSpace(begun, 0);
        if (bracket === begun.length) return [];
        if (begun[bracket] !== "[") return undefined;
        start = placeBehind(start, begun, bracket + 1);
        begun = begun.slice(bracket + 1);
        state = "first";
      }
      if (state !== "behind") {
        const { end, isLast } = scan.on(begun);
        const records = end === undefined ? [] : take(end);
        if (!isLast || records === undefined) return records;
        return pastSpace(begun, 0) === begun.length ? records : undefined;
      }
      return pastSpace(piece, 0) === piece.length ? [] : undefined;
    },
    end() {
      if (state !== "behind") return undefined;
      report.tell();
      return [];
    },
  };
}
