import betaOracle from "@stdlib/stats-base-dists-beta-quantile";
import tOracle from "@stdlib/stats-base-dists-t-quantile";
import { expect, test } from "vitest";
import { seededRandom } from "../../../bench/simulation/random.ts";
import {
  addGroupedCluster,
  emptyGroupSums,
  type Gap,
  groupGaps,
} from "../../../shared/statistics/group-sums.ts";
import { clustersForError, leastError } from "../../../shared/statistics/least-error.ts";
import { meanInterval } from "../../../shared/statistics/mean-interval.ts";
import { criticalT } from "../../../shared/statistics/student-t.ts";

function gapsOf(clusters: readonly (readonly [string, number][])[], range?: number): Gap[] {
  const sums = emptyGroupSums();
  for (const cluster of clusters) {
    addGroupedCluster(
      sums,
      cluster.map(([group, value]) => ({ group, value })),
    );
  }
  return groupGaps(sums, range);
}

/** Hours of sleep gained with each of two drugs (Student 1908). */
const FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

test("two groups of single rows have Welch's interval, as R's t.test(extra ~ group) prints it for the sleep data", () => {
  const [gap] = gapsOf([
    ...FIRST.map((value): [string, number][] => [["one", value]]),
    ...SECOND.map((value): [string, number][] => [["two", value]]),
  ]);
  expect(gap?.between).toEqual(["two", "one"]);
  expect(gap?.value).toBeCloseTo(1.58, 10);
  expect(gap?.interval?.low).toBeCloseTo(-0.2054832, 6);
  expect(gap?.interval?.high).toBeCloseTo(3.3654832, 6);
});

test("clusters with a row of each group give the variance of the differences within them", () => {
  const [gap] = gapsOf(
    FIRST.map((value, index): [string, number][] => [
      ["one", value],
      ["two", SECOND[index] ?? 0],
    ]),
  );
  const paired = meanInterval(FIRST.map((value, index) => (SECOND[index] ?? 0) - value));
  expect(gap?.interval?.low).toBeCloseTo(paired?.low ?? 0, 10);
  expect(gap?.interval?.high).toBeCloseTo(paired?.high ?? 0, 10);
});

test("whichever group a cluster names first, its differences are the same", () => {
  const clusters = FIRST.map((value, index): [string, number][] => [
    ["one", value],
    ["two", SECOND[index] ?? 0],
  ]);
  const turned = clusters.map((cluster, index) => (index % 2 === 0 ? cluster : cluster.toReversed()));
  expect(gapsOf(turned)).toEqual(gapsOf(clusters));
  expect(gapsOf(clusters.map((cluster) => cluster.toReversed()))).toEqual(gapsOf(clusters));
});

test("clusters with several rows of each group give the error of the difference of means, by its influences", () => {
  const clusters: [string, number][][] = [
    [
      ["a", 1],
      ["a", 3],
      ["b", 2],
    ],
    [
      ["b", 5],
      ["a", 4],
      ["b", 7],
    ],
    [
      ["a", 2],
      ["b", 2],
    ],
    [
      ["b", 4],
      ["b", 1],
      ["a", 0],
    ],
  ];
  const valuesOf = (rows: readonly [string, number][], of: string): number[] =>
    rows.filter(([group]) => group === of).map(([, value]) => value);
  const influence = (of: string): number[] => {
    const all = valuesOf(clusters.flat(), of);
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    return clusters.map(
      (rows) => valuesOf(rows, of).reduce((sum, value) => sum + value - mean, 0) / all.length,
    );
  };
  const [a, b] = [influence("a"), influence("b")];
  const squares = a.reduce((sum, one, index) => sum + (one - (b[index] ?? 0)) ** 2, 0);
  const [gap] = gapsOf(clusters);
  expect(gap?.interval?.high).toBeCloseTo(
    (gap?.value ?? 0) + criticalT(0.95, 3) * Math.sqrt((4 / 3) * squares),
    10,
  );
});

test("two gaps that are alike for certain have no width, and the first group comes first", () => {
  const alike = ["b", "a"].flatMap((group) => [4, 4, 4].map((value): [string, number][] => [[group, value]]));
  expect(gapsOf(alike)).toEqual([{ between: ["a", "b"], value: 0, interval: { low: 0, high: 0 }, reach: 0 }]);
  for (const values of [
    [0.1, 0.7, 0.2],
    [0.3, 0.1, 0.9, 0.6],
    [0.9, 0.2, 0.3, 0.4, 0.7],
  ]) {
    const [gap] = gapsOf(
      values.map((value): [string, number][] => [
        ["a", value],
        ["b", value],
      ]),
    );
    expect(gap?.reach).toBeCloseTo(0, 6);
  }
});

test("how far a gap reaches needs no correction for being one of three, and its interval does", () => {
  const three = [FIRST, SECOND, FIRST.map((value) => value - 1)];
  const gaps = gapsOf(
    three.flatMap((values, group) => values.map((value): [string, number][] => [[`group ${group}`, value]])),
  );
  const [gap] = gaps;
  expect(gap?.between).toEqual(["group 1", "group 0"]);
  // As R has it for the two groups alone.
  expect(gap?.reach).toBeCloseTo(3.3654832, 6);
  const degrees = 17.776474;
  const wider = tOracle(1 - 0.05 / 3 / 2, degrees) / tOracle(0.975, degrees);
  expect(gap?.interval?.high).toBeCloseTo(1.58 + (3.3654832 - 1.58) * wider, 5);
});

test("few clusters on a scale with ends leave the error of what they could not see", () => {
  // Five of five: a share of 1 - 0.05^(1/5) can go unseen.
  const unseen = betaOracle(0.95, 1, 5);
  const error = 4 * Math.sqrt((unseen * (1 - unseen)) / 5);
  const equal = ["a", "b"].flatMap((group) =>
    Array.from({ length: 5 }, (): [string, number][] => [[group, 3]]),
  );
  expect(gapsOf(equal, 4)[0]?.reach).toBeCloseTo(tOracle(0.975, 8) * Math.SQRT2 * error, 8);
  // In pairs that go together the difference has the error of five, not of the eight that one group has.
  const pairs = [0, 4, 0, 4, 2].map((value): [string, number][] => [
    ["a", value],
    ["b", value],
  ]);
  const more = [0, 4, 2].map((value): [string, number][] => [["a", value]]);
  expect(gapsOf(pairs, 4)[0]?.reach).toBeCloseTo(tOracle(0.975, 4) * error, 8);
  const reach = gapsOf([...pairs, ...more], 4)[0]?.reach ?? 0;
  expect(reach).toBeGreaterThanOrEqual(tOracle(0.975, 4) * error - 1e-8);
});

test("the error of what could not be seen falls with every cluster more, and there is none without an end", () => {
  for (let clusters = 1; clusters < 100; clusters += 1) {
    const error = leastError(clusters, 4);
    expect(leastError(clusters + 1, 4)).toBeLessThan(error);
    expect(clustersForError(error, 4)).toBe(clusters);
    expect(clustersForError(error * 1.0001, 4)).toBe(clusters);
    expect(clustersForError(error * 0.9999, 4)).toBe(clusters + 1);
  }
  expect(leastError(5, Infinity)).toBe(0);
  expect(clustersForError(0.1, Infinity)).toBe(1);
});

test("with five equal groups no gap is seen by chance in 95 of 100 runs: intervals allow for ten pairs", () => {
  const { uniform } = seededRandom(11);
  const runs = 400;
  let held = 0;
  for (let run = 0; run < runs; run += 1) {
    const rows = Array.from({ length: 100 }, (_, index): [string, number][] => [
      [`group ${index % 5}`, uniform() + uniform() + uniform()],
    ]);
    const gaps = gapsOf(rows);
    expect(gaps).toHaveLength(10);
    if (gaps.every(({ interval }) => interval && interval.low <= 0)) held += 1;
  }
  expect(held / runs).toBeGreaterThan(0.93);
});

test("one row in a group shows no spread, so its gaps have no interval", () => {
  const [gap] = gapsOf([[["one", 1]], [["two", 2]], [["two", 3]]]);
  expect(gap).toEqual({ between: ["two", "one"], value: 1.5, interval: undefined, reach: undefined });
});
