import { type Interval, NORMAL_QUANTILE as z } from "./interval.ts";

/** How far two raters agree beyond what chance would give: 1 always, 0 as chance, below 0 less than that. */
export interface Kappa {
  value: number;
  /** 95 %; what raters say of many more such things lies in it. */
  interval: Interval;
}

/**
 * Cohen's kappa (1960) of two raters who put the same things into categories: (p_o - p_e) / (1 - p_e), with the
 * interval of the large-sample standard error of Fleiss, Cohen and Everitt (1969). Undefined where nothing was rated,
 * and where both put everything into one and the same category, which agrees by chance too.
 */
export function cohenKappa(ratings: readonly (readonly [unknown, unknown])[]): Kappa | undefined {
  const count = ratings.length;
  const categories = [...new Set(ratings.flat())];
  const share = (counts: (rating: readonly [unknown, unknown]) => boolean): number =>
    ratings.filter(counts).length / count;
  const first = categories.map((category) => share(([a]) => a === category));
  const second = categories.map((category) => share(([, b]) => b === category));
  const observed = share(([a, b]) => a === b);
  const expected = first.reduce((sum, p, index) => sum + p * (second[index] ?? 0), 0);
  if (count === 0 || expected === 1) return undefined;

  const value = (observed - expected) / (1 - expected);
  const at = (list: readonly number[], index: number): number => list[index] ?? 0;
  let spread = 0;
  for (const [i, a] of categories.entries()) {
    for (const [j, b] of categories.entries()) {
      const cell = share(([one, other]) => one === a && other === b);
      const weight =
        i === j
          ? 1 - (at(first, i) + at(second, i)) * (1 - value)
          : (1 - value) * (at(second, i) + at(first, j));
      spread += cell * weight ** 2;
    }
  }
  const variance = (spread - (value - expected * (1 - value)) ** 2) / (count * (1 - expected) ** 2);
  const half = z * Math.sqrt(Math.max(0, variance));
  return { value, interval: { low: Math.max(-1, value - half), high: Math.min(1, value + half) } };
}

/**
 * Cohen's weighted kappa (1968) of two raters on one scale, with the squared distance as the weight: 1 - Σ (a_i - b_i)²
 * / n over the mean squared distance of every a to every b. Scores may lie between the scale's steps. Undefined where
 * all scores are one and the same.
 */
export function weightedKappa(scores: readonly (readonly [number, number])[]): number | undefined {
  const count = scores.length;
  if (count === 0) return undefined;
  const mean = (of: (pair: readonly [number, number]) => number): number =>
    scores.reduce((sum, pair) => sum + of(pair), 0) / count;
  const [a, b] = [mean(([one]) => one), mean(([, other]) => other)];
  // The mean of (a_i - b_j)² over all i and j is both variances and the squared distance of the means.
  const expected = mean(([one]) => (one - a) ** 2) + mean(([, other]) => (other - b) ** 2) + (a - b) ** 2;
  return expected === 0 ? undefined : 1 - mean(([one, other]) => (one - other) ** 2) / expected;
}
