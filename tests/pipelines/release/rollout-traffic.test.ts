import fc from "fast-check";
import { expect, test } from "vitest";
import { createRolloutTraffic, type RolloutTraffic } from "../../../pipelines/release/rollout-traffic.ts";
import { rolloutProgress } from "../../../pipelines/release/rollout-progress.ts";
import { weighTraffic } from "../../../pipelines/release/weigh-traffic.ts";
import { sha256 } from "../../../shared/model/canonical.ts";
import { ARMS, DEFECT_CLASSES, type Arm, type TrafficRollup } from "../../../shared/model/traffic.ts";
import { firstDefectEvidence, type FirstDefect } from "../../../shared/statistics/first-defect-test.ts";
import { CANARY } from "./release-world.ts";

const MARGIN = CANARY.margin;
const LATER = "9999";
const START = Date.parse("2026-11-26T10:00:00.000Z");
const at = (index: number): string => new Date(START + index * 5_000).toISOString();
const hash = (session: number): string => sha256(`session ${session}`).slice(0, 16);

const POINTER = {
  state: "canary",
  canary: { version: "two", weight: 0.05, seed: "s", rolloutId: "r", step: 1, since: at(0) },
  rollout: {
    id: "r",
    candidate: { version: "two", suite: "s", run: "2" },
    baseline: "one",
    plan: CANARY,
    startedAt: at(0),
    since: at(0),
    approvedStep: 0,
  },
} as const;

/** One step's line: sessions by number and, of them, those with a defect of each class. */
function line(index: number, arms: TrafficRollup["arms"], step = 1): TrafficRollup {
  return { at: at(index), rollout: "r", step, weight: CANARY.steps[step - 1], arms };
}

function arm(sessions: number[], defects: Partial<Record<string, number[]>> = {}, share = 1) {
  const listed = (all: number[]): string[] =>
    all.map(hash).filter((one) => Number.parseInt(one.slice(0, 8), 16) / 2 ** 32 < share);
  return {
    version: "v",
    requests: sessions.length,
    share,
    sessions: listed(sessions),
    defects: Object.fromEntries(Object.entries(defects).map(([name, of = []]) => [name, listed(of)])),
  };
}

/** The same from all lines at once, as the definitions have it. */
function plainly(lines: readonly TrafficRollup[]) {
  const inOrder = lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const share = Math.min(1, ...lines.flatMap(({ arms }) => Object.values(arms).map((one) => one.share)));
  const isListed = (one: string): boolean => Number.parseInt(one.slice(0, 8), 16) / 2 ** 32 < share;
  type Served = NonNullable<TrafficRollup["arms"][Arm]>;
  const counted = (which: Arm, step: number | undefined, listed: (served: Served) => string[]): number =>
    new Set(
      lines.flatMap(({ arms, step: of }) => {
        const served = arms[which];
        return served && (step === undefined || of === step) ? listed(served).filter(isListed) : [];
      }),
    ).size;
  const defects = DEFECT_CLASSES.map((defect) => {
    const seen = new Set<string>();
    const first: FirstDefect[] = [];
    for (const { arms, weight: rho = 0 } of inOrder) {
      for (const which of ARMS) {
        for (const session of (arms[which]?.defects[defect] ?? []).filter(isListed)) {
          if (!seen.has(session)) first.push({ canary: which === "canary", rho });
          seen.add(session);
        }
      }
    }
    const canary = first.filter((one) => one.canary).length;
    return { canary, stable: first.length - canary, evidence: firstDefectEvidence(first, MARGIN) };
  });
  return {
    share,
    sessions: [1, 2].flatMap((step) => ARMS.map((which) => counted(which, step, ({ sessions }) => sessions))),
    left: [1, 2].flatMap((step) =>
      ARMS.map((which) => counted(which, step, ({ defects: of }) => of.abandoned ?? [])),
    ),
    every: ARMS.map((which) => counted(which, undefined, ({ sessions }) => sessions)),
    defects,
  };
}

function found(traffic: RolloutTraffic): ReturnType<typeof plainly> {
  return {
    share: traffic.share(),
    sessions: [1, 2].flatMap((step) => ARMS.map((which) => traffic.sessions(which, step).all)),
    left: [1, 2].flatMap((step) =>
      ARMS.map((which) => {
        const { all, whole } = traffic.sessions(which, step);
        return all - whole;
      }),
    ),
    every: ARMS.map((which) => traffic.everySession(which)),
    defects: DEFECT_CLASSES.map((defect) => {
      const { canary, stable, evidence } = traffic.defects[defect];
      return { canary, stable, evidence: evidence() };
    }),
  };
}

const someSessions = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 });
const someArm = fc
  .tuple(someSessions, someSessions, someSessions, someSessions, fc.constantFrom(1, 1, 1, 0.5, 0.25))
  .map(([sessions, failed, slow, left, share]) =>
    arm([...sessions, ...failed, ...slow, ...left], { error: failed, latency: slow, abandoned: left }, share),
  );
const someLine = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom(1, 2), someArm, someArm)
  .map(([index, step, stable, canary]) => line(index, { stable, canary }, step));

test("counted line by line, it is what all lines at once say", () => {
  fc.assert(
    fc.property(fc.array(someLine, { maxLength: 25 }), fc.integer({ min: 1, max: 41 }), (lines, every) => {
      const traffic = createRolloutTraffic(MARGIN);
      for (let until = every; until < 41 + every; until += every) {
        // What was written since; the rest is not there yet.
        traffic.add(lines.filter(({ at: time }) => time < at(until) && time >= at(until - every)));
        traffic.countUpTo(at(until - 1));
      }
      expect(found(traffic)).toEqual(plainly(lines));
    }),
    { numRuns: 300 },
  );
});

test("a hundred thousand lines are each looked at once, however often one asks, and curves stay short", () => {
  let looks = 0;
  const traffic = createRolloutTraffic(MARGIN);
  const COUNT = 100_000;
  const nobody = arm([]);
  for (let index = 0; index < COUNT; index++) {
    const isDefect = index % 50 === 0;
    const arms = {
      stable: { ...nobody, sessions: [`${index % 4096}`.padStart(16, "0")] },
      canary: nobody,
    };
    if (isDefect) arms.stable.defects = { error: arms.stable.sessions };
    const one = line(index, {});
    Object.defineProperty(one, "arms", { get: () => (looks++, arms) });
    traffic.add([one]);
    if (index % 1000 === 999) {
      traffic.countUpTo(one.at);
      rolloutProgress(POINTER, traffic);
      weighTraffic(POINTER, traffic);
    }
  }
  expect(looks).toBe(COUNT);
  const { arrivals, defects, sessions } = rolloutProgress(POINTER, traffic);
  expect(sessions).toEqual({ canary: 0, stable: 4096 });
  expect(arrivals.length).toBeLessThanOrEqual(201);
  expect(arrivals.at(-1)).toEqual({ at: at(COUNT - 1), canary: 0, stable: 4096 });
  expect(defects).toHaveLength(1);
  expect(defects[0]?.points.length).toBeLessThanOrEqual(201);
});

test("lines that were all read at once are more than one call takes as parameters, and are counted nevertheless", () => {
  const traffic = createRolloutTraffic(MARGIN);
  const canary = arm([1]);
  traffic.add(Array.from({ length: 150_000 }, (_, index) => line(index, { canary })));
  traffic.countUpTo(LATER);
  expect(weighTraffic(POINTER, traffic)).toMatchObject({ canarySessions: 1, newestAt: at(149_999) });
});

test("a line that the watermark has not passed waits", () => {
  const traffic = createRolloutTraffic(MARGIN);
  traffic.add([line(2, { canary: arm([1]) }), line(1, { canary: arm([2]) })]);
  traffic.countUpTo(at(1));
  expect(traffic.sessions("canary", 1).all).toBe(1);
  traffic.countUpTo(at(2));
  traffic.countUpTo(at(3));
  expect(traffic.sessions("canary", 1).all).toBe(2);
});

const numbers = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

test("a share that is listed stands for all: arrivals are scaled by it, and what was drawn is drawn anew", () => {
  const traffic = createRolloutTraffic(MARGIN);
  const failing = numbers(40);
  traffic.add([
    line(1, { canary: arm(failing, { error: failing }) }),
    line(2, { canary: arm(numbers(40, 100), { error: numbers(40, 100) }, 0.5) }),
    line(3, { stable: arm(numbers(40, 200)) }),
  ]);
  traffic.countUpTo(LATER);
  const { canary, points } = traffic.defects.error;
  expect(points()).toHaveLength(canary);
  expect(traffic.arrivals().at(-1)).toMatchObject({
    canary: traffic.everySession("canary") * 2,
    stable: traffic.everySession("stable") * 2,
  });
  expect(traffic.everySession("canary")).toBe(canary);
});

test("of more sessions than a process should remember a share is kept", () => {
  const traffic = createRolloutTraffic(MARGIN);
  const spread = Array.from({ length: 250_000 }, (_, index) =>
    (Math.imul(index, 2_654_435_761) >>> 0).toString(16).padStart(8, "0").padEnd(16, "0"),
  );
  traffic.add([line(1, { stable: { version: "v", requests: 1, share: 1, sessions: spread, defects: {} } })]);
  traffic.countUpTo(LATER);
  expect(traffic.share()).toBe(0.5);
  expect(weighTraffic(POINTER, traffic).stableSessions / 250_000).toBeCloseTo(1, 2);
});

test("a line without a step or a weight is of no step, and is held against nobody", () => {
  const traffic = createRolloutTraffic(MARGIN);
  const canary = arm([1, 2, 3], { error: [1, 2, 3] });
  traffic.add([{ ...line(1, { canary }), step: undefined, weight: undefined }]);
  traffic.countUpTo(LATER);
  expect(traffic.newestAt(0)).toBeUndefined();
  expect(traffic.defects.error.canary).toBe(0);
  expect(weighTraffic(POINTER, traffic)).toMatchObject({ signal: undefined, canarySessions: 0 });
});

test("a canary whose clients all leave has got its share of the sessions", () => {
  const traffic = createRolloutTraffic(MARGIN);
  const canary = arm(numbers(50, 5000), { abandoned: numbers(50, 5000) });
  traffic.add([line(1, { stable: arm(numbers(950)), canary })]);
  traffic.countUpTo(LATER);
  expect(weighTraffic(POINTER, traffic)).toMatchObject({ brokenSplit: false, canarySessions: 0 });
});

test("a canary that never answers is taken back after a handful of clients gave up", () => {
  const traffic = createRolloutTraffic(MARGIN);
  const stable = arm(numbers(150), { abandoned: [3, 50] });
  traffic.add([line(1, { stable, canary: arm(numbers(8, 1000), { abandoned: numbers(8, 1000) }) })]);
  traffic.countUpTo(LATER);
  expect(weighTraffic(POINTER, traffic)).toMatchObject({
    signal: { defect: "abandoned", canary: 8, stable: 2 },
    canarySessions: 0,
    stableSessions: 148,
  });
});

test("where clients leave both versions, nothing speaks against the canary, nor are there sessions that let it on", () => {
  const traffic = createRolloutTraffic(MARGIN);
  const stable = arm(numbers(1900), { abandoned: numbers(1900) });
  const canary = arm(numbers(100, 5000), { abandoned: numbers(100, 5000) });
  traffic.add([line(1, { stable, canary })]);
  traffic.countUpTo(LATER);
  expect(weighTraffic(POINTER, traffic)).toMatchObject({
    signal: undefined,
    brokenSplit: false,
    canarySessions: 0,
  });
});
