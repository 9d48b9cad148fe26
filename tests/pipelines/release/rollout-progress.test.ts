import { expect, test } from "vitest";
import { createRolloutTraffic, type RolloutTraffic } from "../../../pipelines/release/rollout-traffic.ts";
import { rolloutProgress } from "../../../pipelines/release/rollout-progress.ts";
import { weighTraffic } from "../../../pipelines/release/weigh-traffic.ts";
import type { ActiveRollout } from "../../../shared/model/release.ts";
import type { TrafficRollup } from "../../../shared/model/traffic.ts";
import { CANARY } from "./release-world.ts";

const START = Date.parse("2026-11-26T16:50:00.000Z");
const at = (second: number): string => new Date(START + second * 1000).toISOString();
const rollout: ActiveRollout = {
  id: "r",
  candidate: { version: "two", suite: "s", run: "2" },
  baseline: "one",
  plan: CANARY,
  startedAt: at(0),
  since: at(0),
  approvedStep: 0,
};
const pointer = {
  state: "canary",
  canary: { version: "two", weight: 0.5, seed: "x", rolloutId: "r", step: 1, since: at(0) },
  rollout,
} as const;

/** A second's line: one session of each arm, that of the canary with an error where it says so. */
function line(second: number, isWrong: boolean): TrafficRollup {
  const hash = (arm: number): string => `${arm}${String(second).padStart(15, "0")}`;
  const arm = { requests: 1, share: 1 };
  return {
    at: at(second),
    rollout: "r",
    step: 1,
    weight: 0.5,
    arms: {
      stable: { ...arm, version: "one", sessions: [hash(1)], defects: {} },
      canary: { ...arm, version: "two", sessions: [hash(2)], defects: isWrong ? { error: [hash(2)] } : {} },
    },
  };
}

function counted(lines: TrafficRollup[], watermark: string): RolloutTraffic {
  const traffic = createRolloutTraffic(CANARY.margin);
  traffic.add(lines);
  traffic.countUpTo(watermark);
  return traffic;
}

test("sessions add up over time, and nothing is said against a candidate that nothing went wrong with", () => {
  const progress = rolloutProgress(pointer, counted([line(2, false), line(1, false), line(9, false)], at(5)));
  expect(progress).toMatchObject({
    step: 1,
    sessions: { canary: 2, stable: 2 },
    defects: [],
    newestAt: at(9),
  });
  expect(progress.arrivals).toEqual([
    { at: at(1), canary: 1, stable: 1 },
    { at: at(2), canary: 2, stable: 2 },
  ]);
});

test("evidence grows with each defect of the candidate alone, and crosses the boundary when it is taken back", () => {
  const lines = Array.from({ length: 20 }, (_, second) => line(second, true));
  for (const count of [3, 20]) {
    const seen = lines.slice(0, count);
    const { defects, boundary } = rolloutProgress(pointer, counted(seen, at(60)));
    expect(defects).toMatchObject([{ defect: "error", canary: count, stable: 0 }]);
    const [errors] = defects;
    if (!errors) throw new Error("There are errors.");
    const { evidence, points } = errors;
    expect(points.map((point) => point.evidence)).toEqual(
      points.map((point) => point.evidence).toSorted((a, b) => a - b),
    );
    expect(points.at(-1)).toEqual({ at: at(count - 1), evidence });
    const isTakenBack = weighTraffic(pointer, counted(seen, at(60))).signal !== undefined;
    expect(evidence >= boundary).toBe(isTakenBack);
    expect(isTakenBack).toBe(count === 20);
  }
});

test("a long rollout is drawn by a bounded number of points, the last among them", () => {
  const lines = Array.from({ length: 500 }, (_, second) => line(second, second % 2 === 0));
  const { arrivals, defects } = rolloutProgress(pointer, counted(lines, at(9_999)));
  expect(arrivals.length).toBeLessThanOrEqual(201);
  expect(arrivals.at(-1)).toEqual({ at: at(499), canary: 500, stable: 500 });
  expect(defects[0]?.points.length).toBeLessThanOrEqual(201);
});
