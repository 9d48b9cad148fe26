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
