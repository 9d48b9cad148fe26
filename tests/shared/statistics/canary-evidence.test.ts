import { describe, expect, test } from "vitest";
import { seededRandom, type Random } from "../../../bench/simulation/random.ts";
import { firstDefectEvidence, type FirstDefect } from "../../../shared/statistics/first-defect-test.ts";
import { rateEvidence } from "../../../shared/statistics/rate-evidence.ts";
import { splitEvidence } from "../../../shared/statistics/split-evidence.ts";

const MARGIN = 0.05;
/** Five classes of defect share 5 %. */
const LIMIT = Math.log(100);

/** Canary sessions until a rollback, looking after every session; Infinity where none comes within `most` of them. */
function sessionsToRollback(
  random: Random,
  { weight, canary, stable, most }: { weight: number; canary: number; stable: number; most: number },
): number {
  const defects: FirstDefect[] = [];
  for (let sessions = 0; sessions < most;) {
    const isCanary = random.uniform() < weight;
    if (isCanary) sessions++;
    if (random.uniform() >= (isCanary ? canary : stable)) continue;
    defects.push({ canary: isCanary, rho: weight });
    // Only a defect of the canary can carry it over the limit.
    if (isCanary && firstDefectEvidence(defects, MARGIN) >= LIMIT) return sessions;
  }
  return Infinity;
}

function medianOf(seed: number, about: Parameters<typeof sessionsToRollback>[1]): number {
  const random = seededRandom(seed);
  const all = Array.from({ length: 401 }, () => sessionsToRollback(random, about)).sort((a, b) => a - b);
  return all[200] ?? Infinity;
}

describe("the sequential test of first defects", () => {
  test("a canary that fails half of its sessions is taken back after 7 of them, one that fails 20 % after about 22", () => {
    const about = { weight: 0.05, stable: 0.02, most: 400 };
    expect(medianOf(1, { ...about, canary: 0.5 })).toBeLessThanOrEqual(8);
    const median = medianOf(2, { ...about, canary: 0.2 });
    expect(median).toBeGreaterThanOrEqual(18);
    expect(median).toBeLessThanOrEqual(26);
  });

  test("a canary as good as stable is taken back in at most 0.6 % of rollouts", () => {
    const random = seededRandom(3);
    let wrong = 0;
    for (let rollout = 0; rollout < 2_000; rollout++) {
      const sessions = sessionsToRollback(random, { weight: 0.05, canary: 0.02, stable: 0.02, most: 300 });
      if (sessions < Infinity) wrong++;
    }
    expect(wrong / 2_000).toBeLessThanOrEqual(0.006);
  });

  test("an outage that hits both arms takes nothing back", () => {
    const random = seededRandom(4);
    let wrong = 0;
    for (let rollout = 0; rollout < 300; rollout++) {
      const sessions = sessionsToRollback(random, { weight: 0.05, canary: 0.9, stable: 0.9, most: 60 });
      if (sessions < Infinity) wrong++;
    }
    expect(wrong).toBeLessThanOrEqual(2);
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
