import { CsvError, parse } from "csv-parse/sync";
import { messageOf } from "../errors.ts";

/** A row of a CSV text, and the lines, from 1, that it starts and ends in. */
export interface CsvRow {
  cells: string[];
  line: number;
  endLine: number;
}

/** What keeps a row from being read. */
interface CsvProblem {
  line: number;
  message: string;
}

const MAX_RECORD_BYTES = 10 * 1024 * 1024;
/** More than these about one file help nobody, and each costs reading on. */
const MAX_PROBLEMS = 20;
/** So far on it is looked for a line to go on at. */
const MAX_LINES = 1000;

/**
 * The rows of a CSV text, read past those that cannot be. A quote that is wrong swallows what follows it, so that
 * reading goes on at the first line that alone is a row with as many cells as the first one has, behind the place where
 * the row began; at the latest behind the place where it was found to be wrong.
 */
export function csvRows(text: string): { rows: CsvRow[]; problems: CsvProblem[] } {
  const rows: CsvRow[] = [];
  const problems: CsvProblem[] = [];
  let start = 0;
  let line = 1;
  while (start < text.length) {
    const error = readCsv(text.slice(start), line, rows);
    if (error === undefined) break;
    const message = messageOf(error)
      .replaceAll(/ at line \d+/g, "")
      .replace(/ instead of .*$/s, " behind it");
    const found = line - 1 + (typeof error.lines === "number" ? error.lines : 1);
    const began = lineWithText(text, start, line, rows.at(-1)?.endLine ?? 0);
    problems.push({ line: began.line, message });
    const next = resumed(text, began, found, rows[0]?.cells.length);
    if (next === undefined || problems.length >= MAX_PROBLEMS) break;
    ({ start, line } = next);
  }
  return { rows, problems };
}

/** Adds the rows of a text that starts at a line, up to the first that cannot be read. */
export function readCsv(text: string, firstLine: number, rows: CsvRow[]): CsvError | undefined {
  try {
    parse(text, {
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: MAX_RECORD_BYTES,
      on_record: (cells: string[], { lines }) => {
        const endLine = firstLine - 1 + lines;
        rows.push({ cells, line: endLine - newlinesIn(cells), endLine });
        return null;
      },
    });
    return undefined;
  } catch (error) {
    if (error instanceof CsvError) return error;
    throw error;
  }
}

function newlinesIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => (cell.includes("\n") ? sum + cell.split("\n").length - 1 : sum), 0);
}

interface LinePlace {
  start: number;
  line: number;
}

/** The first line behind another that holds anything. */
function lineWithText(text: string, start: number, line: number, behind: number): LinePlace {
  let place = { start, line };
  for (let next = lineAfter(text, place); next !== undefined; next = lineAfter(text, place)) {
    if (place.line > behind && lineAt(text, place) !== "") return place;
    place = next;
  }
  return place;
}

/** Where reading goes on after a row that began in a line and was found to be wrong in another. */
function resumed(text: string, began: LinePlace, found: number, cells = 0): LinePlace | undefined {
  for (let place = lineAfter(text, began); place !== undefined; place = lineAfter(text, place)) {
    if (place.line > found) return place;
    if (cells < 2 || place.line > began.line + MAX_LINES) continue;
    const alone: CsvRow[] = [];
    const wrong = readCsv(lineAt(text, place), 1, alone);
    if (wrong === undefined && alone[0]?.cells.length === cells) return place;
  }
  return undefined;
}

function lineAt(text: string, { start }: LinePlace): string {
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
}

function lineAfter(text: string, { start, line }: LinePlace): LinePlace | undefined {
  const end = text.indexOf("\n", start);
  return end < 0 ? undefined : { start: end + 1, line: line + 1 };
}
