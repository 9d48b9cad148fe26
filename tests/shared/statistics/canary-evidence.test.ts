import betaOracle from "@stdlib/stats-base-dists-beta-quantile";
import { describe, expect, test } from "vitest";
import { simulateRollouts } from "../../../bench/simulation/canary-sessions.ts";
import { seededRandom } from "../../../bench/simulation/random.ts";
import { createFirstDefectTest, firstDefectEvidence } from "../../../shared/statistics/first-defect-test.ts";
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

  const RATIOS = [1.5, 2, 3, 5, 10, 30];

  test("the evidence is the mean likelihood ratio, by hand, and never falls again", () => {
    // Of every 95 defects of stable the canary has 5 · 1.05, or so many times as many.
    const share = (ratio: number): number => (5 * 1.05 * ratio) / (5 * 1.05 * ratio + 95);
    const ratioOf = (canary: number, stable: number): number =>
      RATIOS.reduce(
        (sum, ratio) =>
          sum + (share(ratio) / share(1)) ** canary * ((1 - share(ratio)) / (1 - share(1))) ** stable,
        0,
      ) / 6;
    const of = (...arms: boolean[]): number =>
      Math.exp(
        firstDefectEvidence(
          arms.map((canary) => ({ canary, rho: 0.05 })),
          MARGIN,
        ),
      );
    expect(of(true)).toBeCloseTo(ratioOf(1, 0), 10);
    expect(of(false, true, true)).toBeCloseTo(ratioOf(2, 1), 10);
    expect(of(true, true, false, false, false)).toBeCloseTo(ratioOf(2, 0), 10);
  });

  test("a canary that fails as often as is accepted is taken back in at most one of twenty rollouts", () => {
    const { uniform } = seededRandom(6);
    const margin = 1;
    const ofCanary = (0.1 * (1 + margin)) / (0.1 * (1 + margin) + 0.9);
    let wrong = 0;
    for (let rollout = 0; rollout < 1_000; rollout++) {
      const test = createFirstDefectTest(margin);
      for (let defect = 0; defect < 300; defect++) test.add({ canary: uniform() < ofCanary, rho: 0.1 });
      if (test.evidence() >= Math.log(20)) wrong++;
    }
    // Three standard errors of 1,000 rollouts above 5 %.
    expect(wrong / 1_000).toBeLessThan(0.071);
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

  test("the evidence is the mean likelihood ratio over the odds, by hand", () => {
    const factors = [1.25, 1.5, 2, 3, 5, 10, 30].flatMap((factor) => [factor, 1 / factor]);
    const ratio = factors.reduce((sum, factor) => {
      // One to three, so many times over.
      const claimed = factor / (factor + 3);
      return sum + (claimed / 0.25) ** 3 * ((1 - claimed) / 0.75);
    }, 0);
    expect(Math.exp(splitEvidence(3, 1, 0.25))).toBeCloseTo(ratio / 14, 10);
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
  test("the evidence is the mean likelihood ratio against the bound of before, by hand", () => {
    const share = betaOracle(0.95, 41, 1960) * 1.05;
    const ratio = [1.5, 2, 3, 5, 10, 30].reduce(
      (sum, times) => sum + times ** 3 * ((1 - share * times) / (1 - share)) ** 7,
      0,
    );
    expect(Math.exp(rateEvidence({ sessions: 10, defects: 3 }, before, MARGIN))).toBeCloseTo(ratio / 6, 8);
  });

  test("where half failed before, that all fail now is found, and nobody can fail more often than always", () => {
    const half = { sessions: 200, defects: 100 };
    const share = betaOracle(0.95, 101, 100) * 1.05;
    expect(Math.exp(rateEvidence({ sessions: 9, defects: 9 }, half, MARGIN))).toBeCloseTo(
      ((1.5 * share) ** 9 + 5 * 0.99 ** 9) / share ** 9 / 6,
      8,
    );
    expect(rateEvidence({ sessions: 20, defects: 20 }, half, MARGIN)).toBeGreaterThan(LIMIT);
  });

  test("defects of sessions that are counted elsewhere say no more than those of sessions that are counted here", () => {
    expect(rateEvidence({ sessions: 0, defects: 3 }, before, MARGIN)).toBe(
      rateEvidence({ sessions: 3, defects: 3 }, before, MARGIN),
    );
  });

  test("without sessions before, nothing is far above", () => {
    expect(rateEvidence({ sessions: 100, defects: 100 }, { sessions: 0, defects: 0 }, MARGIN)).toBe(0);
  });
});
