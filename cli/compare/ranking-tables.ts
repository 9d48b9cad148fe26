import { stripVTControlCharacters } from "node:util";
import type { Paint } from "../output.ts";
import { formatTable } from "../table.ts";

/** A row of the ranking; every row has the same heads. */
export interface RankedRow {
  name: string;
  cells: { head: string; text: string }[];
}

const GAP = 2;
/** Longer names wrap. */
const WIDEST_NAME = 34;

/**
 * The ranking as one table, or, where that is wider than `columns`, as several below one another that share the
 * first column.
 */
export function rankingTables(
  rows: readonly RankedRow[],
  { paint, columns }: { paint: Paint; columns: number },
): string {
  const heads = rows[0]?.cells.map(({ head }) => head) ?? [];
  const widths = heads.map((head, index) =>
    Math.max(
      head.length,
      ...rows.map(({ cells }) => stripVTControlCharacters(cells[index]?.text ?? "").length),
    ),
  );
  const names = Math.min(WIDEST_NAME, Math.max("combination".length, ...rows.map(({ name }) => name.length)));
  const groups: number[][] = [];
  let room = 0;
  for (const [index, width] of widths.entries()) {
    room -= width + GAP;
    const group = groups.at(-1);
    if (group && room >= 0) group.push(index);
    else {
      groups.push([index]);
      room = columns - names - GAP - width;
    }
  }
  return groups
    .map((group) =>
      formatTable({
        head: ["combination", ...group.map((index) => heads[index] ?? "")],
        rows: rows.map(({ name, cells }) => [name, ...group.map((index) => cells[index]?.text ?? "")]),
        flexible: 0,
        alignRight: group.map((_, index) => index + 1),
        columns,
        paint,
      }),
    )
    .join("\n\n");
}
