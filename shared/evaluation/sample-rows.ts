import { sha256 } from "../model/canonical.ts";
import type { DatasetRow } from "../model/version.ts";

/**
 * At most `count` rows, chosen by a hash of their content, so that nobody picks them and the next time they are the
 * same; in the datasets' order. `of`: how many there are, of which no more than twice `count` are held at a time.
 */
export function sampleRows(
  rows: Iterable<DatasetRow>,
  count: number | undefined,
): { rows: DatasetRow[]; of: number } {
  if (count === undefined) {
    const all = [...rows];
    return { rows: all, of: all.length };
  }
  let kept: { row: DatasetRow; at: number; order: string }[] = [];
  const least = (): typeof kept => kept.sort((a, b) => (a.order < b.order ? -1 : 1)).slice(0, count);
  let of = 0;
  for (const row of rows) {
    kept.push({ row, at: of, order: sha256(`sample\n${row.hash}`) });
    of += 1;
    if (kept.length > 2 * count) kept = least();
  }
  return {
    rows: least()
      .sort((a, b) => a.at - b.at)
      .map(({ row }) => row),
    of,
  };
}
