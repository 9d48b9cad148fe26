import type { ClaimSide, FoldDesign, FoldedRow } from "./claim.ts";

/** An event that rows have or not, and how many of them may. */
export interface CountLimit {
  /** Undefined where the row does not say. */
  event(row: FoldedRow): boolean | undefined;
  /** All rows together pass for sure with at most so many, and fail for sure with more than the other. */
  passMost: number;
  failAbove: number;
  /** The share of rows that may have it, for claims beyond the dataset. */
  rate: number;
  /** Whether a sample may show it. */
  bets: boolean;
}

/**
 * Both sides of a limit on a count. Counts are whole, so that within the dataset the mean is put half a row beyond the
 * last count that is allowed: that shows the same and can be shown sooner.
 */
export function countSides(limit: CountLimit, design: FoldDesign): { pass: ClaimSide; fail: ClaimSide } {
  const { event, bets } = limit;
  // What no sample can show is only ever said of the rows themselves.
  const population = design.scope === "population" && bets;
  const most = population ? limit.rate : (limit.passMost + 0.5) / design.rows;
  const above = population ? limit.rate : (limit.failAbove + 0.5) / design.rows;
  return {
    pass: { mean: 1 - most, value: (row) => ((event(row) ?? true) ? 0 : 1), bets },
    fail: { mean: above, value: (row) => ((event(row) ?? false) ? 1 : 0), bets },
  };
}
