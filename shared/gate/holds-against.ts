/** As much as the sequential verdict allows for (shared/statistics/bet.ts), of the size of what is compared. */
const TOLERANCE = 1e-9;

/**
 * Whether a value holds against a limit. Both come from sums, quotients and differences of decimals, so that what is
 * exactly at the limit may stand a rounding beyond it. `size` is that of the largest number they were made of.
 */
export function holdsAgainst(
  value: number,
  comparison: ">=" | "<=",
  limit: number,
  size = Math.max(Math.abs(value), Math.abs(limit)),
): boolean {
  const slack = TOLERANCE * size;
  return comparison === ">=" ? value >= limit - slack : value <= limit + slack;
}

/** The most of `rows` that a share allows, whole: of 10 rows, 0.3 allows three and 1 - 0.9 one. */
export function allowedOf(share: number, rows: number): number {
  return Math.floor(share * rows + TOLERANCE * Math.max(1, rows));
}

/** 1 - share without the rounding that makes it of 0.9 less than 0.1. */
export function otherShare(share: number): number {
  return Number((1 - share).toFixed(12));
}
