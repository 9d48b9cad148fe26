import { csvRows, type CsvRow } from "./csv-rows.ts";
import { START, type Findings } from "./diagnostics.ts";
import type { FileRecord } from "./file-record.ts";

/** The rows of a CSV file, all values texts, under the names in its first row. What cannot be read is a finding. */
export function csvRecords(file: string, text: string, findings: Findings): FileRecord[] {
  const { rows, problems } = csvRows(text);
  for (const { line, message } of problems) {
    const told = `This is not CSV: ${message}.`;
    findings.error(file, { line, column: 1 }, told, "Double every quote inside quotes.");
  }
  const [header, ...body] = rows;
  if (header === undefined) {
    if (problems.length === 0)
      findings.error(file, START, "The file is empty.", "Its first row names the columns.");
    return [];
  }
  // Where the first row cannot be read, what comes after it names no columns.
  if (problems.some(({ line }) => line < header.line)) return [];
  const { columns, wrong } = csvColumns(header);
  for (const name of new Set(wrong)) {
    findings.error(file, START, name === "" ? "A column has no name." : `The column ${name} is named twice.`);
  }
  const records = body.flatMap((row) => {
    const record = csvRecord(file, columns, row);
    if (record !== undefined) return [record];
    const message = `The row has ${row.cells.length} columns, the header ${columns.length}.`;
    findings.error(file, { line: row.line, column: 1 }, message);
    return [];
  });
  return wrong.length > 0 ? [] : records;
}

/** The names in a header, and those of them that are no name or taken. */
export function csvColumns({ cells }: CsvRow): { columns: string[]; wrong: string[] } {
  const columns = cells.map((name) => name.trim());
  const wrong = columns.filter((name, index) => name === "" || columns.indexOf(name) !== index);
  return { columns, wrong };
}

/** Undefined for a row that has more or fewer cells than there are columns. */
export function csvRecord(
  file: string,
  columns: readonly string[],
  { cells, line }: CsvRow,
): FileRecord | undefined {
  if (cells.length !== columns.length) return undefined;
  return { value: Object.fromEntries(columns.map((name, at) => [name, cells[at]])), file, line, column: 1 };
}
