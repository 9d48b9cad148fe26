import { expect, test } from "vitest";
import {
  countDuration,
  type DurationCounts,
  durationAt,
} from "../../../shared/statistics/duration-counts.ts";

test("a quantile of counted durations is off by less than 5 %", () => {
  const counts: DurationCounts = {};
  for (let ms = 1; ms <= 10_000; ms += 1) countDuration(counts, ms);
  for (const quantile of [0.01, 0.5, 0.95, 0.99, 1]) {
    const off = (durationAt(counts, quantile) ?? 0) / (quantile * 10_000) - 1;
    expect(Math.abs(off), `quantile ${quantile}`).toBeLessThan(0.05);
  }
  expect(Object.keys(counts).length).toBeLessThan(100);
});

test("nothing counted has no quantile, and what took no time at all is counted", () => {
  expect(durationAt({}, 0.5)).toBeUndefined();
  const counts: DurationCounts = {};
  countDuration(counts, 0);
  expect(durationAt(counts, 0.5)).toBeCloseTo(1, 0);
});
