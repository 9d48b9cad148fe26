import betaOracle from "@stdlib/stats-base-dists-beta-quantile";
import tOracle from "@stdlib/stats-base-dists-t-quantile";
import { expect, test } from "vitest";
import { betaQuantile } from "../../../shared/statistics/beta-quantile.ts";
import {
  clopperPearsonInterval,
  clopperPearsonUpperBound,
} from "../../../shared/statistics/clopper-pearson.ts";
import { neededRows } from "../../../shared/statistics/needed-rows.ts";
import { normalQuantile } from "../../../shared/statistics/normal-quantile.ts";
import { rowsForZeroDefects } from "../../../shared/statistics/rows-for-zero-defects.ts";
import { aboveT, criticalT } from "../../../shared/statistics/student-t.ts";

const SHAPES = [0.5, 1, 2, 7.5, 40, 300, 5000] as const;
const PROBABILITIES = [0.001, 0.025, 0.05, 0.3, 0.5, 0.9, 0.95, 0.975, 0.999] as const;

test("the beta distribution's quantiles are the oracle's over a grid of shapes", () => {
  for (const a of SHAPES) {
    for (const b of SHAPES) {
      for (const p of PROBABILITIES) {
        const expected = betaOracle(p, a, b);
        const relative = Math.abs(betaQuantile(p, a, b) - expected) / Math.max(expected, 1e-12);
        expect(relative, `p ${p}, a ${a}, b ${b}`).toBeLessThan(1e-8);
      }
    }
  }
});

test("Student's t is the oracle's over a grid of degrees of freedom", () => {
  for (const degrees of [1, 2, 3, 5, 10, 29, 100, 999, 1e5]) {
    for (const confidence of [0.5, 0.8, 0.9, 0.95, 0.99, 0.999]) {
      const expected = tOracle(1 - (1 - confidence) / 2, degrees);
      const found = criticalT(confidence, degrees);
      expect(Math.abs(found / expected - 1), `${confidence} ${degrees}`).toBeLessThan(1e-8);
      expect(aboveT(expected, degrees)).toBeCloseTo((1 - confidence) / 2, 9);
      expect(aboveT(-expected, degrees)).toBeCloseTo((1 + confidence) / 2, 9);
    }
  }
});

test.for([
  [81, 263, 0.2527, 0.3676],
  [15, 148, 0.0578, 0.1617],
  [0, 20, 0, 0.1684],
  [1, 29, 0.0009, 0.1776],
] as const)(
  "Clopper and Pearson's interval of %d in %d is that of Newcombe 1998",
  ([found, rows, low, high]) => {
    const interval = clopperPearsonInterval(found, rows) ?? { low: Number.NaN, high: Number.NaN };
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  },
);

test("the one-sided bound follows the rule of three without defects, and the beta distribution with some", () => {
  expect(clopperPearsonUpperBound(0, 100)).toBeCloseTo(0.029513, 6);
  expect(clopperPearsonUpperBound(2, 300)).toBeCloseTo(betaOracle(0.95, 3, 298), 10);
  expect(clopperPearsonUpperBound(3, 3)).toBe(1);
  expect(clopperPearsonUpperBound(0, 0)).toBe(1);
  expect(clopperPearsonInterval(0, 0)).toBeUndefined();
  expect(clopperPearsonInterval(2, 2)?.high).toBe(1);
});

test.for([
  [0.01, 299],
  [0.05, 59],
  [0.001, 2995],
  [0.5, 5],
] as const)("no defect shows a rate of at most %d with %d rows and not with one fewer", ([limit, rows]) => {
  expect(rowsForZeroDefects(limit)).toBe(rows);
  expect(clopperPearsonUpperBound(0, rows)).toBeLessThanOrEqual(limit);
  expect(clopperPearsonUpperBound(0, rows - 1)).toBeGreaterThan(limit);
});

test("no number of rows shows a rate of 0, and one row a rate of at most 1", () => {
  expect(rowsForZeroDefects(0)).toBe(Number.POSITIVE_INFINITY);
  expect(rowsForZeroDefects(1)).toBe(1);
});

test.for([
  [0.5, 0],
  [0.8, 0.8416212336],
  [0.95, 1.644853627],
  [0.975, 1.9599639845],
  [0.999, 3.0902323062],
  [0.025, -1.9599639845],
] as const)("the normal quantile at %d is that of the tables", ([p, z]) => {
  expect(normalQuantile(p)).toBeCloseTo(z, 9);
});

test("rows needed are those of the textbook: 80 % power at 5 % for a margin of half a deviation are 25", () => {
  expect(neededRows(1, 0.5)).toBe(25);
  expect(neededRows(0.2, 0.03)).toBe(275);
  expect(neededRows(1, 0.5, 0.025, 0.9)).toBe(43);
  expect(neededRows(0, 0.1)).toBe(0);
});
