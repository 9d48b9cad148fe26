import { CsvError, parse } from "csv-parse/sync";
import { messageOf } from "../errors.ts";
import { START, type Findings } from "./diagnostics.ts";
import type { FileRecord } from "./file-record.ts";

const MAX_RECORD_BYTES = 10 * 1024 * 1024;

/** The rows of a CSV file, all values texts, under the names in its first row. */
export function csvRecords(file: string, text: string, findings: Findings): FileRecord[] {
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
  const wrong = columns.filter((name, index) => name === "" || columns.indexOf(name) !== index);
  for (const name of new Set(wrong)) {
    findings.error(file, START, name === "" ? "A column has no name." : `The column ${name} is named twice.`);
  }
  const records = body.flatMap(({ record, info }, index) => {
    const line = ((index === 0 ? header : body[index - 1])?.info.lines ?? 0) + 1;
    if (record.length !== columns.length) {
      const message = `The row has ${record.length} columns, the header ${columns.length}.`;
      findings.error(file, { line: Math.min(line, info.lines), column: 1 }, message);
      return [];
    }
    return [
      { value: Object.fromEntries(columns.map((name, at) => [name, record[at]])), file, line, column: 1 },
    ];
  });
  return wrong.length > 0 ? [] : records;
}
