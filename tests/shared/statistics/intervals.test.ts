import { expect, test } from "vitest";
import { compensatedSum } from "../../../shared/statistics/compensated-sum.ts";
import { holm } from "../../../shared/statistics/holm.ts";
import { NORMAL_QUANTILE } from "../../../shared/statistics/interval.ts";
import { matchedSharesInterval, matchedSharesPValue } from "../../../shared/statistics/matched-shares.ts";
import { meanInterval, pairedPValue } from "../../../shared/statistics/mean-interval.ts";
import { normalQuantile } from "../../../shared/statistics/normal-quantile.ts";
import { quantile } from "../../../shared/statistics/quantile.ts";
import { regularizedBeta } from "../../../shared/statistics/regularized-beta.ts";
import { criticalT, twoSidedT } from "../../../shared/statistics/student-t.ts";
import { wilsonInterval } from "../../../shared/statistics/wilson-interval.ts";

/** Hours of sleep gained with one drug over the other by ten patients (Student 1908); R's example of a paired test. */
const SLEEP = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];

test.for([
  [1, 12.706205],
  [2, 4.302653],
  [10, 2.228139],
  [30, 2.042272],
  [120, 1.97993],
  [1e6, 1.959966],
] as const)("t at 95 %% with %d degrees of freedom is that of the tables", ([degrees, published]) => {
  expect(criticalT(0.95, degrees)).toBeCloseTo(published, 5);
  expect(twoSidedT(criticalT(0.95, degrees), degrees)).toBeCloseTo(0.05, 10);
});

test("the incomplete beta function has the binomial sums as its values at whole numbers", () => {
  expect(regularizedBeta(0.5, 2, 3)).toBeCloseTo(11 / 16, 12);
  expect(regularizedBeta(0.25, 1, 1)).toBeCloseTo(0.25, 12);
  expect(regularizedBeta(0.9, 8, 3)).toBeCloseTo(0.9298091736, 10);
  expect([regularizedBeta(0, 2, 3), regularizedBeta(1, 2, 3)]).toEqual([0, 1]);
});

test("Student's sleep data have the interval and the p-value that R prints", () => {
  const { low, high } = meanInterval(SLEEP) ?? { low: 0, high: 0 };
  expect(low).toBeCloseTo(0.7001142, 6);
  expect(high).toBeCloseTo(2.4598858, 6);
  expect(pairedPValue(SLEEP)).toBeCloseTo(0.00390625, 10);
  expect(twoSidedT(4.0621, 9)).toBeCloseTo(0.002833, 6);
});

test("a p-value is never below what that many signs could show", () => {
  expect(pairedPValue([1, 1])).toBe(0.5);
  expect(pairedPValue([-1, -1])).toBe(0.5);
  expect(pairedPValue([1, 1, 1, 1, 1, 1])).toBe(2 ** -5);
  expect(pairedPValue([0, 0, 0, 0, 0, 0, 0, 1])).toBe(1);
  expect(pairedPValue([0, 0, 0])).toBe(1);
  expect(pairedPValue([3])).toBe(1);
});

/** What crossed maize grew more than self-fertilised in 15 pots, in eighths of an inch (Darwin 1876; Fisher 1935, 17). */
const MAIZE = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

test("Darwin's maize has the p-value and the interval that Fisher's t gives it, whichever way it is subtracted", () => {
  const { low, high } = meanInterval(MAIZE) ?? { low: 0, high: 0 };
  expect(low / 8).toBeCloseTo(0.0039, 4);
  expect(high / 8).toBeCloseTo(5.2295, 3);
  expect(pairedPValue(MAIZE)).toBeCloseTo(0.0497, 4);
  expect(pairedPValue(MAIZE.map((difference) => -difference))).toBeCloseTo(0.0497, 4);
});

test("one value has no interval, equal values have one without width", () => {
  expect(meanInterval([4])).toBeUndefined();
  expect(meanInterval([4, 4, 4])).toEqual({ low: 4, high: 4 });
});

test.for([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
] as const)("Wilson's interval of %d in %d is that of Newcombe 1998", ([passed, rows, low, high]) => {
  const interval = wilsonInterval(passed, rows) ?? { low: Number.NaN, high: Number.NaN };
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test("Wilson's interval stays within 0 and 1, and there is none without rows", () => {
  for (let rows = 1; rows <= 200; rows += 1) {
    expect(wilsonInterval(0, rows)?.low).toBe(0);
    expect(wilsonInterval(rows, rows)?.high).toBe(1);
  }
  expect(wilsonInterval(0, 0)).toBeUndefined();
});

test("the approval ratings of Agresti's textbook: 150 lost, 86 won, of 1600", () => {
  const interval = matchedSharesInterval({ first: 86, second: 150 }, 1600) ?? { low: 0, high: 0 };
  expect(interval.low).toBeCloseTo(-0.059, 3);
  expect(interval.high).toBeCloseTo(-0.021, 3);
  expect(matchedSharesPValue({ first: 86, second: 150 })).toBeLessThan(1e-4);
});

test("McNemar's exact test is twice the binomial tail", () => {
  expect(matchedSharesPValue({ first: 1, second: 9 })).toBeCloseTo(22 / 1024, 12);
  expect(matchedSharesPValue({ first: 5, second: 5 })).toBe(1);
  expect(matchedSharesPValue({ first: 0, second: 0 })).toBe(1);
  expect(matchedSharesPValue({ first: 1000, second: 1100 })).toBeCloseTo(0.0307, 3);
});

test("shares of which no pair differs still have an interval with a width", () => {
  const interval = matchedSharesInterval({ first: 0, second: 0 }, 10) ?? { low: 0, high: 0 };
  // 1.96 · √(0 + 0 + 1) / 12.
  expect(interval.low).toBeCloseTo(-0.16333, 5);
  expect(interval.high).toBeCloseTo(0.16333, 5);
  expect(matchedSharesInterval({ first: 0, second: 0 }, 0)).toBeUndefined();
});

test("a difference of two shares stays within -1 and 1", () => {
  expect(matchedSharesInterval({ first: 10, second: 0 }, 10)?.high).toBe(1);
  expect(matchedSharesInterval({ first: 0, second: 10 }, 10)?.low).toBe(-1);
});

test("intervals are of 95 %: their normal quantile is that at 0.975", () => {
  expect(NORMAL_QUANTILE).toBeCloseTo(normalQuantile(0.975), 12);
});

test("quantiles are those of R, definition 7", () => {
  expect([0, 0.25, 0.5, 0.95, 1].map((p) => quantile([1, 2, 4, 8], p))).toEqual([
    1,
    1.75,
    3,
    expect.closeTo(7.4, 12),
    8,
  ]);
  expect(quantile([7], 0.95)).toBe(7);
  expect(quantile([], 0.5)).toBeNull();
});

test("a sum loses nothing to rounding", () => {
  expect(compensatedSum(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  // Neumaier's example: what is small is lost beside what is large, unless it is kept apart.
  expect(compensatedSum([1, 1e100, 1, -1e100])).toBe(2);
});

test("Holm's correction is that of R's p.adjust, in the order given", () => {
  const corrected = holm([0.03, 0.01, 0.05, 0.02, 0.04]).map((value) => Number(value.toFixed(10)));
  expect(corrected).toEqual([0.09, 0.05, 0.09, 0.08, 0.09]);
  expect(holm([])).toEqual([]);
  expect(holm([0.6, 0.7])).toEqual([1, 1]);
});
