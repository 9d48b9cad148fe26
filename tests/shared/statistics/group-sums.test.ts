import { expect, test } from "vitest";
import { seededRandom } from "../../../bench/simulation/random.ts";
import {
  addGroupedCluster,
  emptyGroupSums,
  type Gap,
  groupGaps,
} from "../../../shared/statistics/group-sums.ts";
import { meanInterval } from "../../../shared/statistics/mean-interval.ts";

function gapsOf(clusters: readonly (readonly [string, number][])[]): Gap[] {
  const sums = emptyGroupSums();
  for (const cluster of clusters) {
    addGroupedCluster(
      sums,
      cluster.map(([group, value]) => ({ group, value })),
    );
  }
  return groupGaps(sums);
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
