import { expect, test } from "vitest";
import { boundaryColumn, peekedTTest } from "../../../bench/simulation/boundary.ts";
import type { Pair } from "../../../bench/simulation/paired-scores.ts";
import { seededRandom } from "../../../bench/simulation/random.ts";
import { JUDGE_SCORE, PASS_OR_FAIL, SCENARIOS } from "../../../bench/simulation/scenarios.ts";
import { meanShare, simulateColumns, simulateRun } from "../../../bench/simulation/simulate-run.ts";
import { atLeast, foldAll, rowOf } from "./fold-samples.ts";
import type { FoldedRow } from "../../../shared/gate/claim.ts";

const RUNS = 500;
/** Three standard errors of so many runs above 5 %. */
const NOMINAL = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / RUNS);

function shareOf(runs: number, isWrong: (run: number) => boolean): number {
  let wrong = 0;
  for (let run = 0; run < runs; run += 1) if (isWrong(run)) wrong += 1;
  return wrong / runs;
}

test.for([
  ["a judge's score on 200 rows", JUDGE_SCORE, 200],
  ["pass or fail on 200 rows", PASS_OR_FAIL, 200],
  ["pass or fail on 50 rows", PASS_OR_FAIL, 50],
  ["a judge's score on 5 rows", JUDGE_SCORE, 5],
] as const)(
  "a candidate that just fails passes in no more than one run in twenty: %s",
  ([, metric, rows]) => {
    const random = seededRandom(11);
    const wrong = shareOf(RUNS, () => {
      return simulateRun([metric], [boundaryColumn(metric, rows, random)]).outcome === "pass";
    });
    expect(wrong).toBeLessThan(NOMINAL);
  },
);

test("a candidate that just fails in one of four metrics passes in no more than one run in twenty", () => {
  const random = seededRandom(12);
  const [first, ...others] = SCENARIOS.four_good;
  const better = others.map((metric) => ({ ...metric, difference: 0.1 }));
  const wrong = shareOf(RUNS, () => {
    if (!first) return true;
    const columns = [boundaryColumn(first, 200, random), ...simulateColumns(better, 200, random)];
    return simulateRun([first, ...better], columns).outcome === "pass";
  });
  expect(wrong).toBeLessThan(NOMINAL);
});

test("a candidate that just holds in all of four metrics fails in no more than one run in twenty", () => {
  const random = seededRandom(13);
  const metrics = SCENARIOS.four_good;
  const wrong = shareOf(RUNS, () => {
    const columns = metrics.map((metric) => boundaryColumn(metric, 200, random, true));
    return simulateRun(metrics, columns).outcome === "fail";
  });
  expect(wrong).toBeLessThan(NOMINAL);
});

/** Rows that just fail "mean >= 4", in clusters whose rows are as alike as they can be. */
function alikeClusters(scale: number): FoldedRow[][] {
  const qualities = Array.from({ length: 60 * scale }, (_, index): number => (index % 2 === 0 ? 3 : 5)).sort(
    (a, b) => a - b,
  );
  qualities[0] = 2;
  const clusters: FoldedRow[][] = [];
  let from = 0;
  while (from < qualities.length) {
    const size = 1 + (clusters.length % 5);
    clusters.push(qualities.slice(from, from + size).map((quality) => rowOf({ quality })));
    from += size;
  }
  return clusters;
}

test("conversations whose rows agree pass no more than one run in twenty", () => {
  const random = seededRandom(14);
  const clusters = alikeClusters(3);
  expect(clusters.flat()).toHaveLength(180);
  const wrong = shareOf(
    RUNS,
    () => foldAll([atLeast(4)], random.shuffled(clusters)).decision()?.outcome === "pass",
  );
  expect(wrong).toBeLessThan(NOMINAL);
});

test("a t-test that is peeked at passes what just fails far too often: what the fold is for", () => {
  const random = seededRandom(15);
  const wrong = shareOf(
    400,
    () => peekedTTest(JUDGE_SCORE, boundaryColumn(JUDGE_SCORE, 500, random), 20) !== undefined,
  );
  expect(wrong).toBeGreaterThan(0.1);
});

test("clear candidates take few rows: half at most where four scores are as before, a third where one is worse", () => {
  expect(meanShare(SCENARIOS.four_good, 1000, 20, seededRandom(16))).toBeLessThan(0.5);
  expect(meanShare(SCENARIOS.four_worse, 1000, 20, seededRandom(17))).toBeLessThan(0.3);
});

test("the same seed draws the same runs", () => {
  const draw = (): Pair[][] => simulateColumns(SCENARIOS.four_good, 20, seededRandom(18));
  expect(draw()).toEqual(draw());
});
