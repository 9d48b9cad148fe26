import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../../bench/simulation/random.ts";
import {
  addCluster,
  clusterInterval,
  clusterMean,
  type ClusterSums,
  emptyClusterSums,
} from "../../../shared/statistics/cluster-sums.ts";
import { clusteredShareInterval } from "../../../shared/statistics/clustered-share.ts";
import { meanInterval } from "../../../shared/statistics/mean-interval.ts";
import { nonInferiorityPValue } from "../../../shared/statistics/non-inferiority.ts";
import { wilsonInterval } from "../../../shared/statistics/wilson-interval.ts";

/** Hours of sleep gained with one drug over the other by ten patients (Student 1908). */
const SLEEP = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];

function sumsOf(clusters: readonly (readonly number[])[]): ClusterSums {
  const sums = emptyClusterSums();
  for (const cluster of clusters) addCluster(sums, cluster);
  return sums;
}

function single(values: readonly number[]): ClusterSums {
  return sumsOf(values.map((value) => [value]));
}

test("clusters of one row give Student's interval", () => {
  const interval = clusterInterval(single(SLEEP)) ?? { low: 0, high: 0 };
  expect(interval.low).toBeCloseTo(0.7001142, 6);
  expect(interval.high).toBeCloseTo(2.4598858, 6);
});

test("the standard error is the page's formula, whatever the clusters", () => {
  const clusters = fc.array(
    fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 5 }),
    {
      minLength: 2,
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(clusters, (groups) => {
      const all = groups.flat();
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      const squares = groups.reduce(
        (sum, group) => sum + group.reduce((part, value) => part + (value - mean), 0) ** 2,
        0,
      );
      const expected = Math.sqrt(((groups.length / (groups.length - 1)) * squares) / all.length ** 2);
      const found = clusterMean(sumsOf(groups));
      expect(found?.mean).toBeCloseTo(mean, 9);
      expect(found?.standardError).toBeCloseTo(expected, 6);
    }),
  );
});

test("twice the same row is one row: copies within clusters narrow nothing", () => {
  const copied = clusterMean(sumsOf(SLEEP.map((value) => [value, value, value])));
  expect(copied?.standardError).toBeCloseTo(clusterMean(single(SLEEP))?.standardError ?? 0, 12);
  expect(copied?.degrees).toBe(9);
});

test("large values lose no digits, and equal ones have no spread at all", () => {
  const far = clusterMean(single(SLEEP.map((value) => value + 1e9)));
  expect(far?.standardError).toBeCloseTo(clusterMean(single(SLEEP))?.standardError ?? 0, 6);
  expect(clusterInterval(single([0.1, 0.1, 0.1]))).toEqual({ low: 0.1, high: 0.1 });
});

test("clusters that are alike have no spread, in whatever order their rows come", () => {
  for (const [a, b, c] of [
    [0.1, 0.7, 0.2],
    [0.3, 0.1, 0.9],
    [0.7, 0.3, 0.6],
    [0.9, 0.2, 0.3],
  ] as const) {
    const found = clusterMean(
      sumsOf([
        [a, b, c],
        [b, c, a],
        [c, a, b],
      ]),
    );
    expect(found?.standardError).toBeCloseTo(0, 7);
  }
});

test("no rows have no mean, one cluster has no interval", () => {
  expect(clusterMean(emptyClusterSums())).toBeUndefined();
  expect(clusterInterval(sumsOf([[1, 2, 3]]))).toBeUndefined();
  expect(clusterMean(sumsOf([[1, 2, 3], []]))?.degrees).toBe(0);
});

test("a share of single rows has Wilson's interval, one of clusters a wider one", () => {
  const rows = Array.from({ length: 100 }, (_, index) => Number(index < 30));
  expect(clusteredShareInterval(single(rows))).toEqual(wilsonInterval(30, 100));
  const clusters = Array.from({ length: 20 }, (_, index) =>
    Array.from({ length: 5 }, () => Number(index < 6)),
  );
  const clustered = clusteredShareInterval(sumsOf(clusters)) ?? { low: 0, high: 0 };
  const expected = wilsonInterval(6, 20) ?? { low: 0, high: 0 };
  // Rows of a cluster agree: twenty clusters are worth twenty rows (nineteen degrees of freedom).
  expect(clustered.high - clustered.low).toBeCloseTo(expected.high - expected.low, 1);
  expect(
    clusteredShareInterval(
      sumsOf([
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
    ),
  ).toEqual(wilsonInterval(3, 3));
});

test("clusters that are more alike than chance would have them are worth no more rows than there are", () => {
  const clusters = [...Array.from({ length: 9 }, () => [0, 1]), [1, 1]];
  expect(clusteredShareInterval(sumsOf(clusters))).toEqual(wilsonInterval(11, 20));
});

test("95 of 100 intervals of a share hold it, also where rows of a cluster go together", () => {
  const random = seededRandom(21);
  let held = 0;
  const runs = 2000;
  for (let run = 0; run < runs; run += 1) {
    const clusters = Array.from({ length: 60 }, () => {
      const share = random.coin(0.5) ? 0.9 : 0.5;
      return Array.from({ length: 1 + random.index(5) }, () => random.coin(share));
    });
    const { low, high } = clusteredShareInterval(sumsOf(clusters)) ?? { low: 0, high: 0 };
    if (low <= 0.7 && 0.7 <= high) held += 1;
  }
  expect(held / runs).toBeGreaterThan(0.93);
  expect(held / runs).toBeLessThan(0.97);
});

test("the p-value is the one-sided t-test's: R gives 0.001416 for the sleep data", () => {
  expect(nonInferiorityPValue(single(SLEEP))).toBeCloseTo(0.001416, 6);
  expect(nonInferiorityPValue(single([1]))).toBeUndefined();
  expect(nonInferiorityPValue(single([1, 1, 1]))).toBeUndefined();
});

test("the worst that could be is counted in as one more cluster, as large as the largest, and changes no sums", () => {
  const clusters = [[0.4, 0.6, 0.5], [0.1], [0.3, 0.2]];
  const sums = sumsOf(clusters);
  const found = nonInferiorityPValue(sums, -1);
  expect(found).toBeCloseTo(nonInferiorityPValue(sumsOf([...clusters, [-1, -1, -1]])) ?? 0, 12);
  expect(sums).toEqual(sumsOf(clusters));
  // None of another size gives the same.
  expect(found).not.toBeCloseTo(nonInferiorityPValue(sumsOf([...clusters, [-1, -1]])) ?? 0, 3);
});

/** How often the test calls a candidate good that is worse by exactly the margin; at most 5 % is what it says. */
function falseGoods(
  rows: number,
  clusterSize: number,
  seed: number,
  draw: (uniform: number) => number,
): number {
  const random = seededRandom(seed);
  let wrong = 0;
  const runs = 2000;
  for (let run = 0; run < runs; run += 1) {
    const clusters = Array.from({ length: rows / clusterSize }, () => {
      const shared = random.uniform();
      return Array.from({ length: clusterSize }, () => draw(shared));
    });
    if ((nonInferiorityPValue(sumsOf(clusters), -1) ?? 1) <= 0.05) wrong += 1;
  }
  return wrong / runs;
}

/** A loss of 3 % in one row of 33, and a loss of 3 % on average spread over the rows, each at the margin of 3 %. */
const RARE = (uniform: number): number => 0.03 - (uniform < 0.03 ? 1 : 0);
const SPREAD = (uniform: number): number => uniform - 0.5;

test.for([1, 2, 3, 10, 50, 100, 300] as const)(
  "a loss at the margin passes no more than one run in twenty, of %d rows",
  (rows) => {
    // Three standard errors of 2,000 runs above 5 %.
    expect(falseGoods(rows, 1, 1, RARE)).toBeLessThan(0.065);
    expect(falseGoods(rows, 1, 2, SPREAD)).toBeLessThan(0.065);
  },
);

test("rows that agree within their clusters pass no more often", () => {
  expect(falseGoods(100, 5, 3, SPREAD)).toBeLessThan(0.065);
  expect(falseGoods(300, 10, 4, RARE)).toBeLessThan(0.065);
});

test("Student's interval covers the mean in 95 % of runs, also of clusters", () => {
  const random = seededRandom(5);
  let missed = 0;
  for (let run = 0; run < 2000; run += 1) {
    const clusters = Array.from({ length: 20 }, () => {
      const shared = random.normal();
      return Array.from({ length: 1 + random.index(4) }, () => shared + random.normal() / 2);
    });
    const { low, high } = clusterInterval(sumsOf(clusters)) ?? { low: 0, high: 0 };
    if (low > 0 || high < 0) missed += 1;
  }
  expect(missed / 2000).toBeGreaterThan(0.03);
  expect(missed / 2000).toBeLessThan(0.075);
  expect(meanInterval([1])).toBeUndefined();
});
