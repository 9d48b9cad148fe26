import { expect, test } from "vitest";
import { preferenceEvidence } from "../../../shared/statistics/preference-evidence.ts";

const CERTAIN = Math.log(20);
const repeated = (values: number[], times: number): number[] =>
  Array.from({ length: times }, () => values).flat();

test("ties show that a version is no worse than 5 points below a half within 60 turns, and wins sooner", () => {
  expect(preferenceEvidence(repeated([0.5], 60), 0.45).above).toBeGreaterThan(CERTAIN);
  expect(preferenceEvidence(repeated([0.5], 25), 0.45).above).toBeLessThan(CERTAIN);
  expect(preferenceEvidence(repeated([1], 10), 0.45).above).toBeGreaterThan(CERTAIN);
});

test("the evidence is the mean capital of the formula, by hand", () => {
  // A win against 0.45: who stakes a share s of what could be staked has 1 + s · 0.55 / 0.45, or 1 - s.
  const mean = (capital: (stake: number) => number): number =>
    [0.1, 0.25, 0.5, 0.75].reduce((sum, stake) => sum + capital(stake), 0) / 4;
  const { above, below } = preferenceEvidence([1], 0.45);
  expect(Math.exp(above)).toBeCloseTo(
    mean((stake) => 1 + stake * (0.55 / 0.45)),
    12,
  );
  expect(Math.exp(below)).toBeCloseTo(
    mean((stake) => 1 - stake),
    12,
  );
  // A tie and a loss.
  const both = preferenceEvidence([0.5, 0], 0.45);
  expect(Math.exp(both.above)).toBeCloseTo(
    mean((stake) => (1 + stake * (0.05 / 0.45)) * (1 - stake)),
    12,
  );
  expect(Math.exp(both.below)).toBeCloseTo(
    mean((stake) => (1 - stake * (0.05 / 0.55)) * (1 + stake * (0.45 / 0.55))),
    12,
  );
});

test("losses show that it is worse, and nothing shows anything without turns", () => {
  expect(preferenceEvidence(repeated([0], 15), 0.45).below).toBeGreaterThan(CERTAIN);
  expect(preferenceEvidence(repeated([0, 1], 100), 0.45).below).toBeLessThan(0);
  expect(preferenceEvidence([], 0.45)).toEqual({ above: 0, below: 0 });
});

test("the order of the turns does not matter", () => {
  const values = [0, 1, 0.5, 0.5, 1, 0, 0.5];
  const { above } = preferenceEvidence(values, 0.45);
  expect(preferenceEvidence(values.toReversed(), 0.45).above).toBeCloseTo(above, 10);
});

test("looked at after every turn, a version at the bound is let on in at most one of twenty rollouts", () => {
  let state = 12_345;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  let letOn = 0;
  for (let rollout = 0; rollout < 400; rollout += 1) {
    const values: number[] = [];
    for (let turn = 0; turn < 150; turn += 1) {
      values.push(random() < 0.45 ? 1 : 0);
      if (turn % 10 === 9 && preferenceEvidence(values, 0.45).above >= CERTAIN) {
        letOn += 1;
        break;
      }
    }
  }
  expect(letOn).toBeLessThanOrEqual(20);
});
