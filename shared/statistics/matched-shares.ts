import { type Interval, NORMAL_QUANTILE as z } from "./interval.ts";

/** Pairs that differ: rows that only the first passes, and rows that only the second passes. */
export interface Discordant {
  first: number;
  second: number;
}

/**
 * The 95 % interval of the difference of two shares on the same rows, first minus second: Wald's with half a pair
 * added to each of the four cells (Agresti and Min 2005). It has a width also where no pair differs.
 */
export function matchedSharesInterval({ first, second }: Discordant, pairs: number): Interval | undefined {
  if (pairs === 0) return undefined;
  const total = pairs + 2;
  const difference = (first - second) / total;
  const half = (z * Math.sqrt(first + second + 1 - (first - second) ** 2 / total)) / total;
  return { low: Math.max(-1, difference - half), high: Math.min(1, difference + half) };
}

/**
 * The two-sided p-value of both shares being equal: McNemar's test, exact (twice the lower binomial tail of the
 * smaller count with probability 1/2, at most 1).
 */
export function matchedSharesPValue({ first, second }: Discordant): number {
  const changed = first + second;
  let logTerm = -changed * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let index = 1; index <= Math.min(first, second); index += 1) {
    logTerm += Math.log((changed - index + 1) / index);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
