import { CONFIDENCE, type Interval } from "./interval.ts";
import { criticalT, twoSidedT } from "./student-t.ts";

/**
 * The 95 % interval of a mean: mean ± t · s / √n with n - 1 degrees of freedom (Student 1908). Undefined for fewer
 * than two values, which say nothing about their spread.
 */
export function meanInterval(values: readonly number[]): Interval | undefined {
  const spread = spreadOf(values);
  if (!spread) return undefined;
  const half = criticalT(CONFIDENCE, values.length - 1) * spread.standardError;
  return { low: spread.mean - half, high: spread.mean + half };
}

/**
 * The two-sided p-value of differences within pairs having the mean 0: Student's paired t-test, but never below
 * 2^(1-k) for k differences that are not 0. That is the least a sign-flip test can give: few or equal differences
 * have too little spread for t to be believed.
 */
export function pairedPValue(differences: readonly number[]): number {
  const spread = spreadOf(differences);
  const changed = differences.filter((difference) => difference !== 0).length;
  if (!spread || changed === 0) return 1;
  const least = 2 ** (1 - changed);
  return Math.max(twoSidedT(spread.mean / spread.standardError, differences.length - 1), least);
}

function spreadOf(values: readonly number[]): { mean: number; standardError: number } | undefined {
  const count = values.length;
  if (count < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (count - 1) / count) };
}
