import { CONFIDENCE } from "./interval.ts";

/**
 * The least standard error that a mean of `clusters` independent values can be believed to have, `range` being how far
 * apart the ends of their scale are: that of a share at the other end as large as can go unseen, 1 - 0.05^(1/n) (the
 * one-sided Clopper-Pearson bound of none). Five equal values have no spread, and say little of the sixth. 0 where the
 * scale has no ends.
 */
export function leastError(clusters: number, range: number): number {
  // A share above a half has a smaller error than that.
  const unseen = Math.min(0.5, 1 - (1 - CONFIDENCE) ** (1 / clusters));
  return Number.isFinite(range) ? range * Math.sqrt((unseen * (1 - unseen)) / clusters) : 0;
}

/**
 * The clusters from which on `leastError` is no more than `most`, for a scale of that range: what it takes where all
 * values are alike. 1 where the scale has no ends; `most` > 0.
 */
export function clustersForError(most: number, range: number): number {
  let high = 1;
  while (leastError(high, range) > most) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (leastError(middle, range) > most) low = middle;
    else high = middle;
  }
  return high;
}
