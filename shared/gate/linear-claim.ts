import type { ClaimSide, FoldedRow } from "./claim.ts";

/** One value of a row, within bounds that are fixed in advance, and what it counts. */
export interface Term {
  read(row: FoldedRow): number | undefined;
  min: number;
  max: number;
  weight: number;
}

/**
 * Both sides of "the mean of constant + Σ weight · value is above 0", brought to [0, 1]: with the sum within [low, high]
 * the pass side is y = (sum - low) / (high - low) with the mean -low / (high - low), and the fail side 1 - y. Scores
 * against a threshold, differences and ratios of pairs are all of this form. Undefined where the sum is constant.
 */
export function linearSides(
  constant: number,
  terms: readonly Term[],
): { pass: ClaimSide; fail: ClaimSide } | undefined {
  const ranges = terms.map(({ min, max, weight }) => {
    const ends = [min * weight, max * weight];
    return { low: Math.min(...ends), high: Math.max(...ends) };
  });
  const low = ranges.reduce((sum, range) => sum + range.low, constant);
  const high = ranges.reduce((sum, range) => sum + range.high, constant);
  const width = high - low;
  if (!(width > 0) || !Number.isFinite(width)) return undefined;

  // What is missing or beyond the bound on the side that does no harm counts as the bound; beyond the other, NaN.
  const sumOf = (row: FoldedRow, worst: boolean): number =>
    terms.reduce((sum, { read, weight }, index) => {
      const range = ranges[index] ?? { low: 0, high: 0 };
      const value = read(row);
      const part = value === undefined ? undefined : value * weight;
      if (worst)
        return sum + (part === undefined ? range.low : part < range.low ? NaN : Math.min(part, range.high));
      return sum + (part === undefined ? range.high : part > range.high ? NaN : Math.max(part, range.low));
    }, constant);
  return {
    pass: { mean: (0 - low) / width, value: (row) => within((sumOf(row, true) - low) / width), bets: true },
    fail: { mean: high / width, value: (row) => within((high - sumOf(row, false)) / width), bets: true },
  };
}

/** Takes off what rounding puts a value beyond its bounds; keeps NaN. */
function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}
