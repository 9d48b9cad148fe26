import type { BenchResult } from "./bench-result.ts";
import { simulateRollouts, type CanaryScenario } from "./simulation/canary-sessions.ts";
import { seededRandom } from "./simulation/random.ts";

const ROLLOUTS = 1_001;
const FALSE_ROLLOUTS = 2_000;
const GOOD_RATE = 0.02;

/** Canaries on simulated sessions, by the test that the release stage uses. */
export function run(): Promise<BenchResult> {
  const median = (seed: number, weight: number, canary: number): number =>
    simulateRollouts(seededRandom(seed), { weight, canary, stable: GOOD_RATE, most: 2_000 }, ROLLOUTS).median;
  const share = (seed: number, scenario: Omit<CanaryScenario, "most">, most: number): number =>
    simulateRollouts(seededRandom(seed), { ...scenario, most }, FALSE_ROLLOUTS).share;
  const figures: BenchResult["figures"] = {
    sessions_half_fails: {
      value: median(1, 0.05, 0.5),
      bound: "canary sessions to rollback at a 5 % step: 50 % fail",
    },
    sessions_fifth_fails: { value: median(2, 0.05, 0.2), bound: "20 % fail" },
    sessions_tenth_fails: { value: median(3, 0.05, 0.1), bound: "10 % fail" },
    sessions_fifth_fails_at_half: {
      value: median(4, 0.5, 0.2),
      bound: "20 % fail, at a 50 % step: a defect says less where half of all sessions are the canary's",
    },
    false_rollbacks: {
      value: share(5, { weight: 0.05, canary: GOOD_RATE, stable: GOOD_RATE }, 300),
      bound: "of canaries as good as stable, 300 sessions each; 0.01 by construction",
    },
    outage_rollbacks: {
      value: share(6, { weight: 0.05, canary: 0.9, stable: 0.9 }, 60),
      bound: "where 90 % of everybody's sessions fail; 0.01 by construction",
    },
  };
  const measured = `${ROLLOUTS} rollouts a median, ${FALSE_ROLLOUTS} a share, stable fails ${GOOD_RATE * 100} %, all seeded`;
  return Promise.resolve({ figures, measured });
}
