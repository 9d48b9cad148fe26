import { CONFIDENCE } from "./interval.ts";

/**
 * The fewest rows with which no defect at all shows a rate at or below `limit`: the least n with (1 - limit)^n <= 1 -
 * confidence, from the one-sided Clopper-Pearson bound. 299 at 1 %. Infinity where the limit is 0.
 */
export function rowsForZeroDefects(limit: number, confidence = CONFIDENCE): number {
  if (limit >= 1) return 1;
  return Math.ceil(Math.log1p(-confidence) / Math.log1p(-limit));
}
