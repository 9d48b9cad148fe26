import type { BenchResult } from "./bench-result.ts";
import { round } from "./bench-result.ts";
import { boundaryColumn, peekedTTest } from "./simulation/boundary.ts";
import { seededRandom } from "./simulation/random.ts";
import { JUDGE_SCORE, PASS_OR_FAIL, SCENARIOS } from "./simulation/scenarios.ts";
import { meanShare, simulateRun } from "./simulation/simulate-run.ts";

const RUNS = 300;
const BOUNDARY_RUNS = 2000;
const BOUNDARY_ROWS = 500;
const LOOKS_EVERY = 20;
const SAVINGS = [
  ["score_same", [200, 500, 2000]],
  ["score_better", [200, 500, 2000]],
  ["binary_worse", [200, 500, 2000]],
  ["four_good", [200, 500]],
  ["four_worse", [200, 500]],
] as const;

/** The sequential verdict on simulated runs, by the fold that the evaluation stage uses. */
export function run(): Promise<BenchResult> {
  const figures: BenchResult["figures"] = {
    share_good: {
      value: round(meanShare(SCENARIOS.four_good, 1000, RUNS, seededRandom(1))),
      bound: "rows used of 1,000: four judges' scores, no true difference, 3 points may be lost, 5 % error",
    },
    share_worse: {
      value: round(meanShare(SCENARIOS.four_worse, 1000, RUNS, seededRandom(2))),
      bound: "as above, with one of the four scores 10 points worse",
    },
    ...boundaryFigures(),
  };
  for (const [index, [scenario, sizes]] of SAVINGS.entries()) {
    for (const rows of sizes) {
      const random = seededRandom(10 + index);
      figures[`${scenario}_${rows}`] = {
        value: round(meanShare(SCENARIOS[scenario], rows, RUNS, random)),
        bound: `rows used of ${rows}`,
      };
    }
  }
  const measured = `${RUNS} runs a share, ${BOUNDARY_RUNS} runs of ${BOUNDARY_ROWS} rows at the boundary, all seeded`;
  return Promise.resolve({ figures, measured });
}

function boundaryFigures(): BenchResult["figures"] {
  const passed = { score: 0, binary: 0, peeked: 0 };
  const random = seededRandom(3);
  for (let run = 0; run < BOUNDARY_RUNS; run += 1) {
    const scores = boundaryColumn(JUDGE_SCORE, BOUNDARY_ROWS, random);
    const passes = boundaryColumn(PASS_OR_FAIL, BOUNDARY_ROWS, random);
    if (simulateRun([JUDGE_SCORE], [scores]).outcome === "pass") passed.score += 1;
    if (simulateRun([PASS_OR_FAIL], [passes]).outcome === "pass") passed.binary += 1;
    if (peekedTTest(JUDGE_SCORE, scores, LOOKS_EVERY) !== undefined) passed.peeked += 1;
  }
  const share = (count: number): number => Math.round((count / BOUNDARY_RUNS) * 1e4) / 1e4;
  return {
    false_pass: {
      value: share(Math.max(passed.score, passed.binary)),
      bound:
        "datasets that just fail and passed all the same; the greater of a judge's score and pass or fail",
    },
    false_pass_score: { value: share(passed.score), bound: "of a judge's score" },
    false_pass_binary: { value: share(passed.binary), bound: "of pass or fail" },
    false_pass_peeked_t: {
      value: share(passed.peeked),
      bound: `the same scores by a t-test at 5 % that is looked at every ${LOOKS_EVERY} rows`,
    },
  };
}
