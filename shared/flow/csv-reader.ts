import { csvColumns, csvRecord } from "./csv-records.ts";
import { readCsv, type CsvRow } from "./csv-rows.ts";
import type { FileRecord } from "./file-record.ts";
import type { RecordReader } from "./record-reader.ts";

/** A reader of one CSV file that holds a piece of it, or one row. */
export function createCsvReader(file: string): RecordReader {
  let columns: string[] | undefined;
  let begun = "";
  let line = 1;

  const take = (text: string): FileRecord[] | undefined => {
    const rows: CsvRow[] = [];
    if (readCsv(text, line, rows) !== undefined) return undefined;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) line += 1;
    if (columns === undefined) {
      const header = rows.shift();
      if (header === undefined) return [];
      const named = csvColumns(header);
      if (named.wrong.length > 0) return undefined;
      ({ columns } = named);
    }
    const records: FileRecord[] = [];
    for (const row of rows) {
      const record = csvRecord(file, columns, row);
      if (record === undefined) return undefined;
      records.push(record);
    }
    return records;
  };

  return {
    push(piece) {
      const text = begun + piece;
      const end = lastRowEnd(text);
      begun = text.slice(end);
      return end === 0 ? [] : take(text.slice(0, end));
    },
    end() {
      const records = take(begun);
      return columns === undefined ? undefined : records;
    },
  };
}

/** Behind the last newline outside quotes of a text that starts with a row; 0 where there is none. */
export function lastRowEnd(text: string): number {
  let open = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) open = !open;
  let quote = text.lastIndexOf('"');
  for (let end = text.lastIndexOf("\n"); end >= 0; end = lastBefore(text, "\n", end)) {
    for (; quote > end; quote = lastBefore(text, '"', quote)) open = !open;
    if (!open) return end + 1;
  }
  return 0;
}

function lastBefore(text: string, character: string, at: number): number {
  return at === 0 ? -1 : text.lastIndexOf(character, at - 1);
}
