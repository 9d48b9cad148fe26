import { questionOf } from "../../shared/model/question-of.ts";
import * as model from "../../shared/model/row-key.ts";
import type { PlacedRow } from "./placed-row.ts";
import { cellOf, isClean } from "./row-metrics.ts";

/** Which rows are shown, and in which order. */
export interface RowChoice {
  show: RowFilter;
  text: string;
  /** A metric, or `row` for the rows' own names. */
  sort: string;
  descending: boolean;
}

export const ROW_FILTERS = {
  all: "every row",
  failing: "rows that fail something",
  errors: "rows without an answer",
  worse: "rows that production does better",
  better: "rows that do better than production",
} as const;
export type RowFilter = keyof typeof ROW_FILTERS;

export function rowFilterOf(text: string | null): RowFilter {
  return text !== null && text in ROW_FILTERS ? (text as RowFilter) : "all";
}

/** A row's name in the page's address. */
export function rowKey({ result: { row, trial } }: PlacedRow): string {
  return model.rowKey({ ...row, trial });
}

export function chooseRows(rows: readonly PlacedRow[], choice: RowChoice): PlacedRow[] {
  const words = choice.text.trim().toLowerCase();
  const chosen = rows.filter(
    (row) => passesFilter(row, choice.show) && (words === "" || textOf(row).includes(words)),
  );
  const sign = choice.descending ? -1 : 1;
  if (choice.sort === "") return chosen;
  return chosen.sort((a, b) => {
    if (choice.sort === "row") return sign * rowKey(a).localeCompare(rowKey(b), "en", { numeric: true });
    const [first, second] = [a, b].map(({ result }) => cellOf(result.candidate, choice.sort)?.value ?? null);
    // What has no value is last, whichever way one sorts.
    if (first === null || first === undefined) return second === null || second === undefined ? 0 : 1;
    if (second === null || second === undefined) return -1;
    return sign * (first - second);
  });
}

function passesFilter({ result: { candidate, baseline } }: PlacedRow, show: RowFilter): boolean {
  switch (show) {
    case "all":
      return true;
    case "failing":
      return !isClean(candidate);
    case "errors":
      return candidate.answer === undefined;
    case "worse":
      return baseline !== undefined && isClean(baseline) && !isClean(candidate);
    case "better":
      return baseline !== undefined && !isClean(baseline) && isClean(candidate);
  }
  return show satisfies never;
}

function textOf({ result: { row, candidate } }: PlacedRow): string {
  return [row.id, row.dataset, questionOf(row.fields), candidate.answer].join("\n").toLowerCase();
}
