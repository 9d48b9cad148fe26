import { cellOf } from "./row-metrics.ts";
import type { PlacedRow } from "./placed-row.ts";

/** Rows that have one value of a field, and what they score on average. */
export interface Slice {
  value: string;
  rows: number;
  /** By metric; null where no row of the slice has a value. */
  means: Record<string, { mean: number | null; production: number | null }>;
}

const MOST_VALUES = 12;

/** The fields by which rows fall into 2 to 12 groups that are larger than single rows: `dataset`, `category`, … */
export function sliceFields(rows: readonly PlacedRow[]): string[] {
  const values = new Map<string, Map<string, number>>();
  for (const row of rows) {
    for (const [field, value] of Object.entries(groupsOf(row))) {
      const counts = values.get(field) ?? new Map<string, number>();
      if (counts.size <= MOST_VALUES) counts.set(value, (counts.get(value) ?? 0) + 1);
      values.set(field, counts);
    }
  }
  return [...values]
    .filter(([, counts]) => counts.size >= 2 && counts.size <= MOST_VALUES)
    .filter(([, counts]) => [...counts.values()].some((count) => count > 1))
    .map(([field]) => field);
}

/** The slices by a field, the largest first. */
export function slicesBy(rows: readonly PlacedRow[], field: string, metrics: readonly string[]): Slice[] {
  const groups = Map.groupBy(rows, (row) => groupsOf(row)[field] ?? "(none)");
  return [...groups]
    .map(([value, ofValue]) => ({
      value,
      rows: ofValue.length,
      means: Object.fromEntries(
        metrics.map((metric) => [
          metric,
          {
            mean: meanOf(ofValue.map(({ result }) => cellOf(result.candidate, metric)?.value)),
            production: meanOf(ofValue.map(({ result }) => cellOf(result.baseline, metric)?.value)),
          },
        ]),
      ),
    }))
    .sort((a, b) => b.rows - a.rows);
}

function groupsOf({ result: { row } }: PlacedRow): Record<string, string> {
  const short = Object.entries(row.fields).flatMap(([name, value]): [string, string][] =>
    (typeof value === "string" && value.length <= 60) ||
    typeof value === "boolean" ||
    typeof value === "number"
      ? [[name, String(value)]]
      : [],
  );
  return { dataset: row.dataset, ...Object.fromEntries(short), ...row.groups };
}

function meanOf(values: readonly (number | null | undefined)[]): number | null {
  const found = values.filter((value) => value !== null && value !== undefined);
  return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0) / found.length;
}
