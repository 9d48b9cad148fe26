import { CONFIDENCE } from "./interval.ts";

/**
 * The least standard error that a mean of `clusters` independent values can be believed to have, `range` being how far
 * apart the ends of their scale are: that of a share at the other end as large as can go unseen, 1 - 0.05^(1/n) (the
 * one-sided Clopper-Pearson bound of none). Five equal values have no spread, and say little of the sixth. 0 where the
 * scale has no ends.
 */
export function leastError(clusters: number, range: number): number {
  const unseen = 1 - (1 - CONFIDENCE) ** (1 / clusters);
  return Number.isFinite(range) ? range * Math.sqrt((unseen * (1 - unseen)) / clusters) : 0;
}
