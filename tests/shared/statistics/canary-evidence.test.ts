import { describe, expect, test } from "vitest";
import { simulateRollouts } from "../../../bench/simulation/canary-sessions.ts";
import { seededRandom } from "../../../bench/simulation/random.ts";
import { firstDefectEvidence } from "../../../shared/statistics/first-defect-test.ts";
import { rateEvidence } from "../../../shared/statistics/rate-evidence.ts";
import { splitEvidence } from "../../../shared/statistics/split-evidence.ts";

const MARGIN = 0.05;
/** Six classes of defect share 5 %. */
const LIMIT = Math.log(120);

describe("the sequential test of first defects", () => {
  const scenario = { weight: 0.05, stable: 0.02, most: 400 };

  test("a canary that fails half of its sessions is taken back after 7 of them, one that fails 20 % after about 22", () => {
    const half = simulateRollouts(seededRandom(1), { ...scenario, canary: 0.5 }, 401);
    const fifth = simulateRollouts(seededRandom(2), { ...scenario, canary: 0.2 }, 401);
    expect(half.median).toBeGreaterThanOrEqual(6);
    expect(half.median).toBeLessThanOrEqual(8);
    expect(fifth.median).toBeGreaterThanOrEqual(18);
    expect(fifth.median).toBeLessThanOrEqual(26);
  });

  test("a canary as good as stable is taken back in at most 0.6 % of rollouts", () => {
    const good = { ...scenario, canary: 0.02, most: 300 };
    expect(simulateRollouts(seededRandom(3), good, 2_000).share).toBeLessThanOrEqual(0.006);
  });

  test("an outage that hits both arms takes nothing back", () => {
    const outage = { weight: 0.05, canary: 0.9, stable: 0.9, most: 60 };
    expect(simulateRollouts(seededRandom(4), outage, 300).share).toBeLessThanOrEqual(0.006);
  });

  test("steps are multiplied, each with its own share", () => {
    const one = firstDefectEvidence([{ canary: true, rho: 0.05 }], MARGIN);
    const two = firstDefectEvidence(
      [
        { canary: true, rho: 0.05 },
        { canary: true, rho: 0.5 },
      ],
      MARGIN,
    );
    const three = firstDefectEvidence(
      [
        { canary: true, rho: 0.05 },
        { canary: true, rho: 0.05 },
      ],
      MARGIN,
    );
    expect(one).toBeGreaterThan(0);
    // The same defect says less where half of all sessions are the canary's.
    expect(two).toBeGreaterThan(one);
    expect(three).toBeGreaterThan(two);
  });

  test("a stable version without a single defect hides nothing", () => {
    const defects = Array.from({ length: 4 }, () => ({ canary: true, rho: 0.05 }));
    expect(firstDefectEvidence(defects, MARGIN)).toBeGreaterThan(LIMIT);
    expect(firstDefectEvidence([], MARGIN)).toBe(0);
  });
});

describe("the test of the split", () => {
  const limit = Math.log(1000);
  test("finds a canary that gets twice its share, or nothing", () => {
    expect(splitEvidence(100, 900, 0.05)).toBeGreaterThan(limit);
    expect(splitEvidence(0, 300, 0.05)).toBeGreaterThan(limit);
    expect(splitEvidence(50, 950, 0.05)).toBeLessThan(0);
    expect(splitEvidence(0, 0, 0.05)).toBeCloseTo(0);
  });

  test("a split that is right is found broken in at most one rollout in a thousand, looking always", () => {
    const random = seededRandom(5);
    let wrong = 0;
    for (let rollout = 0; rollout < 1_000; rollout++) {
      const counts = { canary: 0, stable: 0 };
      for (let session = 0; session < 500; session++) {
        counts[random.uniform() < 0.25 ? "canary" : "stable"]++;
        if (splitEvidence(counts.canary, counts.stable, 0.25) < limit) continue;
        wrong++;
        break;
      }
    }
    expect(wrong).toBeLessThanOrEqual(3);
  });
});

describe("the test of a version that everybody has", () => {
  const before = { sessions: 2_000, defects: 40 };
  test("finds a rate far above the one before, and not the same rate", () => {
    expect(rateEvidence({ sessions: 100, defects: 20 }, before, MARGIN)).toBeGreaterThan(LIMIT);
    expect(rateEvidence({ sessions: 1_000, defects: 20 }, before, MARGIN)).toBeLessThan(0);
  });
  test("without sessions before, nothing is far above", () => {
    expect(rateEvidence({ sessions: 100, defects: 100 }, { sessions: 0, defects: 0 }, MARGIN)).toBe(0);
  });
});
