import { csvRows } from "./csv-rows.ts";
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
  const columns = header.cells.map((name) => name.trim());
  const wrong = columns.filter((name, index) => name === "" || columns.indexOf(name) !== index);
  for (const name of new Set(wrong)) {
    findings.error(file, START, name === "" ? "A column has no name." : `The column ${name} is named twice.`);
  }
  const records = body.flatMap(({ cells, line }) => {
    if (cells.length !== columns.length) {
      const message = `The row has ${cells.length} columns, the header ${columns.length}.`;
      findings.error(file, { line, column: 1 }, message);
      return [];
    }
    return [
      { value: Object.fromEntries(columns.map((name, at) => [name, cells[at]])), file, line, column: 1 },
    ];
  });
  return wrong.length > 0 ? [] : records;
}
