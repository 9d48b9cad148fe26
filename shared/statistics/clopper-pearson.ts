import { betaQuantile } from "./beta-quantile.ts";
import { CONFIDENCE, type Interval } from "./interval.ts";

/**
 * The exact 95 % interval of a share: what it may be without `found` in `rows` being in either tail of 2.5 % (Clopper
 * and Pearson 1934), as quantiles of the beta distribution. Undefined where there are no rows.
 */
export function clopperPearsonInterval(found: number, rows: number): Interval | undefined {
  if (rows === 0) return undefined;
  const tail = (1 - CONFIDENCE) / 2;
  return {
    low: found === 0 ? 0 : betaQuantile(tail, found, rows - found + 1),
    high: found === rows ? 1 : betaQuantile(1 - tail, found + 1, rows - found),
  };
}

/**
 * What a share is below with the stated confidence after `found` in `rows`: the one-sided Clopper-Pearson bound. With
 * nothing found it is 1 - (1 - confidence)^(1/rows), about 3/rows at 95 % (the rule of three). 1 without rows.
 */
export function clopperPearsonUpperBound(found: number, rows: number, confidence = CONFIDENCE): number {
  if (found >= rows) return 1;
  return betaQuantile(confidence, found + 1, rows - found);
}
