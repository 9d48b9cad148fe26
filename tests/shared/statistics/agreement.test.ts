import { expect, test } from "vitest";
import { seededRandom } from "../../../bench/simulation/random.ts";
import { addCluster, type ClusterSums, emptyClusterSums } from "../../../shared/statistics/cluster-sums.ts";
import { cohenKappa, weightedKappa } from "../../../shared/statistics/cohen-kappa.ts";
import { criticalT } from "../../../shared/statistics/student-t.ts";
import { predictionPoweredMean } from "../../../shared/statistics/prediction-powered-mean.ts";

/** The pairs of ratings of a table, rows by the first rater. */
function pairs(table: readonly (readonly number[])[]): [number, number][] {
  return table.flatMap((row, first) =>
    row.flatMap((count, second) => Array.from({ length: count }, (): [number, number] => [first, second])),
  );
}

function sumsOf(values: readonly number[]): ClusterSums {
  const sums = emptyClusterSums();
  for (const value of values) addCluster(sums, [value]);
  return sums;
}

/** 85 mammograms by two radiologists: normal, benign, suspect, cancer (Boyd et al. 1982, as in Stata's manual). */
const MAMMOGRAMS = [
  [21, 12, 0, 0],
  [4, 17, 1, 0],
  [3, 9, 15, 2],
  [0, 0, 0, 1],
];

test("kappa is the published one: radiologists, psychiatrists, and a table of two by two", () => {
  expect(cohenKappa(pairs(MAMMOGRAMS))?.value).toBeCloseTo(0.4728, 4);
  expect(
    cohenKappa(
      pairs([
        [20, 5],
        [10, 15],
      ]),
    )?.value,
  ).toBeCloseTo(0.4, 12);
});

test("its standard error is that of Fleiss, Levin and Paik's diagnoses: 0.088 around 0.676", () => {
  const found = cohenKappa(
    pairs([
      [75, 1, 4],
      [5, 4, 1],
      [0, 0, 10],
    ]),
  );
  expect(found?.value).toBeCloseTo(0.676, 3);
  expect(((found?.interval.high ?? 0) - (found?.value ?? 0)) / 1.96).toBeCloseTo(0.088, 3);
});

/** Kappa of a table of shares. */
function kappaOf(shares: readonly (readonly number[])[]): number {
  const total = shares.flat().reduce((sum, share) => sum + share, 0);
  const observed = shares.reduce((sum, row, index) => sum + (row[index] ?? 0), 0) / total;
  const expected = shares.reduce((sum, row, index) => {
    const column = shares.reduce((part, other) => part + (other[index] ?? 0), 0);
    return sum + (row.reduce((part, share) => part + share, 0) * column) / total ** 2;
  }, 0);
  return (observed - expected) / (1 - expected);
}

test.for([
  ["mammograms", MAMMOGRAMS],
  [
    "a rater who hardly ever says yes",
    [
      [60, 25],
      [1, 14],
    ],
  ],
  [
    "three categories, much to one side",
    [
      [10, 20, 30],
      [2, 15, 8],
      [0, 1, 14],
    ],
  ],
] as const)("its standard error is that of the delta method, by differences: %s", ([, table]) => {
  const count = table.flat().reduce((sum, cell) => sum + cell, 0);
  const shares = table.map((row) => row.map((cell) => cell / count));
  const step = 1e-6;
  const slopes = shares.map((row, first) =>
    row.map((_, second) => {
      const moved = (by: number): number =>
        kappaOf(
          shares.map((one, i) => one.map((share, j) => share + (i === first && j === second ? by : 0))),
        );
      return (moved(step) - moved(-step)) / (2 * step);
    }),
  );
  const mean = (power: number): number =>
    slopes.reduce(
      (sum, row, i) => sum + row.reduce((part, slope, j) => part + (shares[i]?.[j] ?? 0) * slope ** power, 0),
      0,
    );
  const error = Math.sqrt((mean(2) - mean(1) ** 2) / count);
  const found = cohenKappa(pairs(table));
  expect(found?.value).toBeCloseTo(kappaOf(shares), 12);
  expect(((found?.interval.high ?? 0) - (found?.value ?? 0)) / 1.959964).toBeCloseTo(error, 6);
});

test("an interval of kappa stays within -1 and 1, and has no width where raters never differ", () => {
  expect(
    cohenKappa(
      pairs([
        [9, 1],
        [0, 1],
      ]),
    )?.interval.high,
  ).toBe(1);
  expect(
    cohenKappa(
      pairs([
        [1, 5],
        [5, 0],
      ]),
    )?.interval.low,
  ).toBe(-1);
  const alike = Array.from({ length: 10 }, (_, first) =>
    Array.from({ length: 10 }, (__, second) => Number(first === second)),
  );
  expect(cohenKappa(pairs(alike))).toEqual({ value: 1, interval: { low: 1, high: 1 } });
});

test("weighted kappa is the published one: radiologists with squared weights, and the anxiety data of R's irr", () => {
  expect(weightedKappa(pairs(MAMMOGRAMS))).toBeCloseTo(0.6714, 4);
  const first = [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3];
  const second = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4];
  expect(weightedKappa(first.map((score, index) => [score, second[index] ?? 0]))).toBeCloseTo(0.297, 3);
});

test("what has no kappa is none: nothing rated, and all on one side", () => {
  expect(cohenKappa([])).toBeUndefined();
  expect(cohenKappa([[true, true]])).toBeUndefined();
  expect(weightedKappa([])).toBeUndefined();
  expect(weightedKappa([[4, 4]])).toBeUndefined();
  expect(cohenKappa([[true, false]])?.value).toBe(0);
});

test("a judge who is always half a point too kind is put right, with the errors of both parts", () => {
  const predictions = sumsOf([4, 5, 3, 4]);
  const misses = sumsOf(Array.from({ length: 40 }, (_, index) => index % 2));
  const found = predictionPoweredMean(predictions, misses);
  expect(found?.value).toBeCloseTo(3.5, 12);
  // SE² = (2/3)/4 of the predictions, with 3 degrees, and (10/39)/40 of the misses, with 39.
  const [a, b] = [1 / 6, 1 / 156];
  const t = criticalT(0.95, (a + b) ** 2 / (a ** 2 / 3 + b ** 2 / 39));
  expect((found?.interval?.high ?? 0) - 3.5).toBeCloseTo(t * Math.sqrt(a + b), 10);
  expect(predictionPoweredMean(predictions, emptyClusterSums())).toBeUndefined();
  expect(predictionPoweredMean(predictions, sumsOf(Array<number>(29).fill(1)))?.interval).toBeUndefined();
});

test("without an error in thirty labels the interval is as wide as one miss of the whole scale makes it, either way", () => {
  const predictions = sumsOf([4, 5, 3, 4]);
  const width = (values: readonly number[], range?: number): number => {
    const misses = sumsOf(values);
    const { low, high } = predictionPoweredMean(predictions, misses, range)?.interval ?? { low: 0, high: 0 };
    expect(misses).toEqual(sumsOf(values));
    return high - low;
  };
  // SE² = (2/3)/4 of the predictions; of 31 misses one that is off by 4 has the variance 16/31 and SE² = 16/31².
  const expected = (off: number): number => {
    const [first, second] = [1 / 6, (off / 31) ** 2];
    const t = criticalT(0.95, (first + second) ** 2 / (first ** 2 / 3 + second ** 2 / 29));
    return 2 * t * Math.sqrt(first + second);
  };
  const [kind, unkind] = [Array<number>(30).fill(0.5), Array<number>(30).fill(-0.5)];
  expect(width(Array<number>(30).fill(0), 4)).toBeCloseTo(expected(4), 10);
  // Where the judge is always half a point too kind, a miss the other way is the one that is farther off.
  expect(width(kind, 4)).toBeCloseTo(expected(4.5), 10);
  expect(width(unkind, 4)).toBeCloseTo(expected(4.5), 10);
  // A scale without ends has no miss of the whole of it, and what spreads already is not narrowed by one more.
  const wide = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 4 : -4));
  expect(width(kind, Infinity)).toBeCloseTo(width(kind), 12);
  expect(width(wide, 4)).toBeCloseTo(width(wide), 12);
});

test("one prediction shows no spread, so the mean has no interval", () => {
  const misses = sumsOf(Array.from({ length: 40 }, (_, index) => index % 2));
  expect(predictionPoweredMean(sumsOf([4]), misses)).toEqual({ value: 3.5, interval: undefined });
});

test("95 of 100 intervals hold the mean that people would give, whatever the judge's bias", () => {
  const { uniform } = seededRandom(7);
  const runs = 1_000;
  let held = 0;
  for (let run = 0; run < runs; run += 1) {
    // People: 2 to 5, the mean 3.5. The judge: too kind by a point on half of what people score low.
    const human = (): number => 2 + Math.floor(uniform() * 4);
    const judge = (score: number): number => (score <= 3 && uniform() < 0.5 ? score + 1 : score);
    const predictions = sumsOf(Array.from({ length: 400 }, () => judge(human())));
    const labelled = Array.from({ length: 60 }, human);
    const misses = sumsOf(labelled.map((score) => judge(score) - score));
    const { low, high } = predictionPoweredMean(predictions, misses)?.interval ?? { low: 0, high: 0 };
    if (low <= 3.5 && 3.5 <= high) held += 1;
  }
  expect(held / runs).toBeGreaterThan(0.93);
  expect(held / runs).toBeLessThan(0.97);
});

test("a judge who seldom errs, and by much, is not put right by thirty labels that show no error", () => {
  const { uniform } = seededRandom(19);
  const runs = 500;
  let held = 0;
  for (let run = 0; run < runs; run += 1) {
    const human = (): number => (uniform() < 0.8 ? 5 : 3);
    const judge = (score: number): number => (score === 3 && uniform() < 0.1 ? 5 : score);
    const predictions = sumsOf(Array.from({ length: 300 }, () => judge(human())));
    const misses = sumsOf(Array.from({ length: 30 }, human).map((score) => judge(score) - score));
    const { low, high } = predictionPoweredMean(predictions, misses, 4)?.interval ?? { low: 0, high: 0 };
    if (low <= 4.6 && 4.6 <= high) held += 1;
  }
  expect(held / runs).toBeGreaterThanOrEqual(0.95);
});
