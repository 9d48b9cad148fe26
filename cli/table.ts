import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import type { Paint } from "./output.ts";
import { wrapText } from "./wrap-text.ts";

/** The cells of a row, or a remark under the row before, across every column. */
export type TableRow = string[] | { remark: string };

const NO_BORDERS = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"].flatMap((side) => [
    [side, ""],
    ...["-mid", "-left", "-right"].map((end) => [side + end, ""]),
  ]),
);
const RULE = { mid: "─", "mid-mid": "─", "left-mid": "", "right-mid": "" };
/** What stands between columns: one space as border, one as padding, which counts into a column's width. */
const GAP = 2;

/**
 * A table with one light rule under its head. Columns are as wide as their longest cell; the `flexible` one shrinks
 * and wraps where the whole would not fit into `columns` characters.
 */
export function formatTable(table: {
  head: string[];
  rows: TableRow[];
  flexible: number;
  alignRight?: number[];
  columns: number;
  paint: Paint;
}): string {
  const widths = columnWidths(table);
  const whole = widths.reduce((sum, width) => sum + width + GAP, -GAP);
  const drawn = new Table({
    chars: { ...NO_BORDERS, middle: " " },
    style: { "padding-left": 0, "padding-right": 1, head: [], border: [] },
    colWidths: widths.map((width) => width + 1),
    colAligns: table.head.map((_, index) => (table.alignRight?.includes(index) ? "right" : "left")),
    wordWrap: true,
  });
  const body = table.rows.map((row) =>
    Array.isArray(row)
      ? row.map((content) => ({ content }))
      : [
          {
            content: wrapText(row.remark, whole, "    "),
            colSpan: table.head.length,
            hAlign: "left" as const,
          },
        ],
  );
  drawn.push(table.head.map((name) => ({ content: table.paint("dim", name) })));
  drawn.push(
    ...body.map((row, index) => (index === 0 ? row.map((cell) => ({ ...cell, chars: RULE })) : row)),
  );
  return drawn
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** How wide a table is whose every cell stands on one line. */
export function tableWidth(head: readonly string[], rows: readonly (readonly string[])[]): number {
  return head.reduce((sum, name, column) => {
    const widths = rows.map((row) => widestLine(row[column] ?? ""));
    return sum + GAP + Math.max(widestLine(name), ...widths);
  }, 1 - GAP);
}

function columnWidths(table: Parameters<typeof formatTable>[0]): number[] {
  const rows = table.rows.filter((row) => Array.isArray(row));
  const widths = table.head.map((name, column) =>
    Math.max(widestLine(name), ...rows.map((row) => widestLine(row[column] ?? ""))),
  );
  const others = widths.reduce(
    (sum, width, index) => sum + GAP + (index === table.flexible ? 0 : width),
    -GAP,
  );
  // The last column's padding counts too.
  const room = Math.max(table.columns - others - 1, 12);
  // Remarks read better on lines of a usual length than under a narrow table.
  const least = rows.length < table.rows.length ? Math.min(room, 76 - others) : 0;
  return widths.map((width, index) =>
    index === table.flexible ? Math.max(Math.min(width, room), least) : width,
  );
}

function widestLine(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split("\n")
      .map((line) => line.length),
  );
}
