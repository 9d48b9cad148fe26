import { sha256 } from "../model/canonical.ts";
import type { DatasetRow } from "../model/version.ts";

/**
 * At most `count` rows, chosen by a hash of their content, so that nobody picks them and the next time they are the
 * same; in the datasets' order.
 */
export function sampleRows(rows: readonly DatasetRow[], count: number | undefined): DatasetRow[] {
  if (count === undefined || count >= rows.length) return [...rows];
  const chosen = new Set(
    rows
      .map((row) => ({ row, order: sha256(`sample\n${row.hash}`) }))
      .sort((a, b) => (a.order < b.order ? -1 : 1))
      .slice(0, count)
      .map(({ row }) => row),
  );
  return rows.filter((row) => chosen.has(row));
}
