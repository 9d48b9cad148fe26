import { firstDefectEvidence, type FirstDefect } from "../../shared/statistics/first-defect-test.ts";
import type { Random } from "./random.ts";

/** `rollout.margin` where a flow names none. */
const MARGIN = 0.05;
/** Six classes of defect share 5 %. */
const LIMIT = Math.log(6 / 0.05);

/** A canary as its users meet it. */
export interface CanaryScenario {
  /** Its share of the sessions. */
  weight: number;
  /** The shares of sessions with a defect. */
  canary: number;
  stable: number;
  /** The canary's sessions at which one stops looking. */
  most: number;
}

/** The canary's sessions until it is taken back, looking after each defect; Infinity where it is not. */
function sessionsToRollback(random: Random, scenario: CanaryScenario): number {
  const { weight, canary, stable, most } = scenario;
  const defects: FirstDefect[] = [];
  for (let sessions = 0; sessions < most;) {
    const isCanary = random.uniform() < weight;
    if (isCanary) sessions += 1;
    if (random.uniform() >= (isCanary ? canary : stable)) continue;
    defects.push({ canary: isCanary, rho: weight });
    // Only a defect of the canary can carry the evidence over the limit.
    if (isCanary && firstDefectEvidence(defects, MARGIN) >= LIMIT) return sessions;
  }
  return Infinity;
}

/** The median over simulated rollouts, and the share of them that end in a rollback. */
export function simulateRollouts(
  random: Random,
  scenario: CanaryScenario,
  rollouts: number,
): { median: number; share: number } {
  const all = Array.from({ length: rollouts }, () => sessionsToRollback(random, scenario));
  all.sort((a, b) => a - b);
  const share = all.filter(Number.isFinite).length / rollouts;
  return { median: all[Math.floor(rollouts / 2)] ?? Infinity, share };
}
