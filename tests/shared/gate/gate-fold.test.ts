import fc from "fast-check";
import { expect, test } from "vitest";
import { createSummariser } from "../../../shared/evaluation/summarise.ts";
import type { FoldedRow } from "../../../shared/gate/claim.ts";
import { createGateFold, type GateFoldState } from "../../../shared/gate/gate-fold.ts";
import { holm } from "../../../shared/statistics/holm.ts";
import type { GateRequirement } from "../../../shared/model/flow.ts";
import {
  atLeast,
  atMost,
  designOf,
  exactOutcome,
  FACTS,
  foldAll,
  requirement,
  rowOf,
  rowsOf,
  singles,
} from "./fold-samples.ts";

const GATES: Record<string, GateRequirement> = {
  "mean >= 4": atLeast(4),
  "mean >= 1, the end of the scale": atLeast(1),
  "mean <= 3": atMost(3),
  "pass rate >= 0.8": atLeast(0.8, { statistic: "passRate" }),
  "pass rate >= 1": atLeast(1, { statistic: "passRate" }),
  "pass rate <= 0.3": atMost(0.3, { statistic: "passRate" }),
  "defects <= 2": atMost(2, { statistic: "defects" }),
  "defects <= 0": atMost(0, { statistic: "defects" }),
  "defects >= 3": atLeast(3, { statistic: "defects" }),
  "p50 >= 3": atLeast(3, { statistic: "p50" }),
  "p50 <= 3.5": atMost(3.5, { statistic: "p50" }),
  "latency p95 <= 300": atMost(300, { metric: "latency", statistic: "p95" }),
  "latency p99 <= 350": atMost(350, { metric: "latency", statistic: "p99" }),
  "latency p50 >= 150": atLeast(150, { metric: "latency", statistic: "p50" }),
  "latency max <= 400": atMost(400, { metric: "latency", statistic: "max" }),
  "latency max >= 400": atLeast(400, { metric: "latency", statistic: "max" }),
  "latency mean <= 40": atMost(40, { metric: "latency" }),
  "latency mean <= 200": atMost(200, { metric: "latency" }),
  "cost mean <= 0.002": atMost(0.002, { metric: "cost" }),
  "errors <= 0.1": atMost(0.1, { metric: "errors", statistic: "rate" }),
  "errors <= 0": atMost(0, { metric: "errors", statistic: "rate" }),
  "mean no worse by 0.2": requirement({ noWorseThan: { absolute: 0.2 } }),
  "mean no worse by 10 %": requirement({ noWorseThan: { relative: 0.1 } }),
  "mean no worse at all": requirement({ noWorseThan: { absolute: 0 } }),
  "pass rate no worse by 0.1": requirement({ statistic: "passRate", noWorseThan: { absolute: 0.1 } }),
  "defects no more by 1": requirement({ statistic: "defects", noWorseThan: { absolute: 1 } }),
  "latency p95 no worse by 20 %": requirement({
    metric: "latency",
    statistic: "p95",
    noWorseThan: { relative: 0.2 },
  }),
  "latency mean no worse by 20 %": requirement({ metric: "latency", noWorseThan: { relative: 0.2 } }),
  "errors no worse by 0.1": requirement({
    metric: "errors",
    statistic: "rate",
    noWorseThan: { absolute: 0.1 },
  }),
  "latency mean <= 250 and no worse by 50 ms": atMost(250, {
    metric: "latency",
    noWorseThan: { absolute: 50 },
  }),
};

const quality = fc.constantFrom(1, 2, 3, 3.5, 4, 5, 2 + 2 / 3);
const measured = fc.record({
  quality,
  latencyMs: fc.constantFrom(100, 150, 200, 300, 301, 400, 500),
  cost: fc.constantFrom(0.001, 0.002, 0.004, 0),
  failed: fc.constantFrom(false, false, false, true),
});
const rows = fc.array(fc.record({ candidate: measured, baseline: measured }), {
  minLength: 1,
  maxLength: 24,
});
const chosen = fc.uniqueArray(fc.constantFrom(...Object.keys(GATES)), { minLength: 1, maxLength: 3 });

/** Cuts rows into clusters of the sizes given, the rest into one. */
function clustersOf(all: readonly FoldedRow[], sizes: readonly number[]): FoldedRow[][] {
  const clusters: FoldedRow[][] = [];
  let from = 0;
  for (const size of sizes) {
    if (from < all.length) clusters.push(all.slice(from, from + size));
    from += size;
  }
  if (from < all.length) clusters.push(all.slice(from));
  return clusters;
}

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 24 });

/** What is known of the baseline where an earlier run had all of these rows. */
function knownOf(all: readonly FoldedRow[]): ReturnType<ReturnType<typeof createSummariser>["summaries"]> {
  const baseline = createSummariser(["groundedness"]);
  for (const row of all) if (row.baseline) baseline.add(row.baseline);
  return baseline.summaries();
}

test.for([true, false])(
  "what is certain without error is what the exact comparison says of all rows (baseline known before: %s)",
  (isKnown) => {
    let decided = 0;
    fc.assert(
      fc.property(rows, chosen, sizes, (pairs, names, cut) => {
        const gate = names.flatMap((name) => GATES[name] ?? []);
        const all = pairs.map(({ candidate, baseline }) => rowOf(candidate, baseline));
        const fold = foldAll(gate, clustersOf(all, cut), {
          alpha: 0,
          known: isKnown ? knownOf(all) : undefined,
        });
        const outcome = fold.decision()?.outcome;
        if (outcome === undefined) return;
        decided += 1;
        expect(outcome).toBe(exactOutcome(gate, all));
      }),
      { numRuns: 3000 },
    );
    expect(decided).toBeGreaterThan(1500);
  },
);

test("what is missing never makes a verdict that the rest of the values could overturn", () => {
  const withHoles = fc.array(
    fc.record({ candidate: quality, baseline: quality, hole: fc.integer({ min: 0, max: 5 }) }),
    {
      minLength: 1,
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(withHoles, chosen, fc.constantFrom(1, 5), (pairs, names, filled) => {
      const gate = names.flatMap((name) => GATES[name] ?? []);
      const holed = pairs.map(({ candidate, baseline, hole }) =>
        rowOf({ quality: hole === 0 ? null : candidate }, { quality: hole === 1 ? null : baseline }),
      );
      const outcome = foldAll(gate, singles(holed), { alpha: 0 }).decision()?.outcome;
      const complete = pairs.map(({ candidate, baseline, hole }) =>
        rowOf({ quality: hole === 0 ? filled : candidate }, { quality: hole === 1 ? filled : baseline }),
      );
      expect([undefined, exactOutcome(gate, complete)]).toContain(outcome);
    }),
    { numRuns: 2000 },
  );
});

test("a fold stored as JSON after any cluster goes on as if it had not been", () => {
  fc.assert(
    fc.property(rows, chosen, sizes, fc.nat({ max: 24 }), (pairs, names, cut, stop) => {
      const gate = names.flatMap((name) => GATES[name] ?? []);
      const clusters = clustersOf(
        pairs.map(({ candidate, baseline }) => rowOf(candidate, baseline)),
        cut,
      );
      const design = designOf(clusters);
      const whole = createGateFold(gate, design, FACTS);
      for (const cluster of clusters) whole.add(cluster);
      const first = createGateFold(gate, design, FACTS);
      for (const cluster of clusters.slice(0, stop)) first.add(cluster);
      const stored = JSON.parse(JSON.stringify(first.state())) as GateFoldState;
      const second = createGateFold(gate, design, FACTS, stored);
      for (const cluster of clusters.slice(stop)) second.add(cluster);
      expect(second.state()).toEqual(whole.state());
      expect(second.finding()).toEqual(whole.finding());
    }),
  );
});

test("of several requirements one fails only at a p-value that Holm's correction leaves at 5 % or below", () => {
  const limits = [4.4, 4.5, 4.6, 4.7].map((limit) => atLeast(limit));
  const all = singles(rowsOf(Array.from({ length: 400 }, (_, index) => 4 + (index % 2))));
  const fold = createGateFold(limits, designOf(all), FACTS);
  let held = 0;
  for (const cluster of all) {
    fold.add(cluster);
    const { claims } = fold.finding();
    const corrected = holm(claims.map(({ failP }) => failP));
    for (const [index, { failP, passP, settled }] of claims.entries()) {
      const fails = (corrected[index] ?? 1) <= 0.05;
      expect(settled).toBe(fails ? "fail" : passP <= 0.05 ? "pass" : undefined);
      if (failP <= 0.05 && !fails) held += 1;
    }
    if (fold.decision()) break;
  }
  expect(held).toBeGreaterThan(0);
  expect(fold.decision()).toEqual({ outcome: "fail", decidedBy: ["groundedness mean"] });
});

test.for([1, 2, 3])("%d good rows pass only when all are in, and by comparison", (count) => {
  const all = rowsOf(Array.from({ length: count }, () => 5));
  expect(
    foldAll([atLeast(4)], singles(all.slice(0, count - 1)), { rows: count, clusters: count }).decision(),
  ).toBeUndefined();
  expect(exactOutcome([atLeast(4)], all)).toBe("pass");
});

test("a metric that is always at its threshold is left to the exact comparison", () => {
  const all = rowsOf(Array.from({ length: 500 }, () => 4));
  expect(foldAll([atLeast(4)], singles(all)).decision()).toBeUndefined();
  expect(exactOutcome([atLeast(4)], all)).toBe("pass");
});

test("clear rows are not all needed, and the decision stands", () => {
  const all = singles(rowsOf(Array.from({ length: 300 }, () => 5)));
  const fold = foldAll([atLeast(4)], all);
  expect(fold.decision()).toEqual({ outcome: "pass", decidedBy: ["groundedness mean"] });
  expect(fold.finding().rows).toBeLessThan(100);
  const before = fold.state();
  fold.add(rowsOf([1]));
  expect(fold.state()).toEqual(before);
});

test("a row above the cap of a mean fails at once, and also where all rows are compared", () => {
  const slow = [
    ...Array.from({ length: 9 }, () => rowOf({ quality: 5 })),
    rowOf({ quality: 5, latencyMs: 2001 }),
  ];
  const gate = [atMost(200, { metric: "latency" })];
  const fold = foldAll(gate, singles(slow.toReversed()));
  expect(fold.decision()?.outcome).toBe("fail");
  expect(fold.finding()).toMatchObject({ rows: 1 });
  expect(fold.finding().claims[0]?.reason).toBe(
    "latency: a row has 2 s, above the 2 s that one row may have where the mean is limited (ten times as much).",
  );
  expect(exactOutcome([atMost(1000, { metric: "latency" })], slow)).toBe("pass");
  expect(exactOutcome(gate, slow)).toBe("fail");
});

test("a row beyond a maximum fails at once, and only all rows pass it", () => {
  const gate = [atMost(400, { metric: "latency", statistic: "max" })];
  const fast = Array.from({ length: 200 }, () => rowOf({ quality: 5 }));
  expect(foldAll(gate, singles(fast)).finding()).toMatchObject({ outcome: "pass", rows: 200 });
  const fold = foldAll(gate, singles([rowOf({ quality: 5, latencyMs: 401 }), ...fast]));
  expect(fold.finding()).toMatchObject({ outcome: "fail", rows: 1 });
});

test("a percentile against the baseline is open until the end, unless the baseline's is known before", () => {
  const gate = [requirement({ metric: "latency", statistic: "p95", noWorseThan: { relative: 0.2 } })];
  const all = Array.from({ length: 400 }, () => rowOf({ quality: 5 }, { quality: 5 }));
  expect(foldAll(gate, singles(all)).decision()).toBeUndefined();
  const fold = foldAll(gate, singles(all), { known: knownOf(all) });
  expect(fold.finding()).toMatchObject({ outcome: "pass" });
  expect(fold.finding().rows).toBeLessThan(250);
});

test("without a baseline a comparison asks for every row, so nothing passes before the last", () => {
  const gate = [atLeast(4), requirement({ noWorseThan: { absolute: 0.2 } })];
  const all = singles(rowsOf(Array.from({ length: 300 }, () => 5)));
  const fold = foldAll(gate, all);
  expect(fold.decision()).toBeUndefined();
  expect(fold.finding().claims.map(({ kind }) => kind)).toEqual(["absolute"]);
});

test("safety metrics are no part of the fold, and need all rows where no dataset of theirs is run in full", () => {
  const safety = (metric: string) => ({
    min: 1,
    max: 5,
    safety: metric === "violence" ? { critical: 6 } : undefined,
  });
  const gate = [atLeast(4), atMost(0, { metric: "violence", statistic: "defects" })];
  const all = singles(rowsOf(Array.from({ length: 300 }, () => 5)));
  expect(foldAll(gate, all, {}, safety).finding()).toMatchObject({ outcome: undefined, rows: 300 });
  const apart = foldAll(gate, all, { safetyApart: true }, safety);
  expect(apart.finding().outcome).toBe("pass");
  expect(apart.finding().claims).toHaveLength(1);
});

test("of a population, rows that run out settle nothing, and enough good ones pass", () => {
  const few = rowsOf([5, 5, 5, 4, 5, 5, 4, 5]);
  expect(foldAll([atLeast(4)], singles(few), { scope: "population" }).decision()).toBeUndefined();
  const many = rowsOf(Array.from({ length: 300 }, (_, index) => (index % 3 === 0 ? 4 : 5)));
  expect(foldAll([atLeast(4)], singles(many), { scope: "population" }).decision()?.outcome).toBe("pass");
});

test("clusters and rows beyond the design are refused, and so is another gate's state", () => {
  const clusters = singles(rowsOf([4, 4]));
  const fold = createGateFold([atLeast(4)], designOf(clusters), FACTS);
  expect(() => fold.add(rowsOf([4, 4]))).toThrow("the design has clusters of 1 to 1");
  expect(() => fold.add([])).toThrow(RangeError);
  for (const cluster of clusters) fold.add(cluster);
  expect(() => fold.add(rowsOf([4]))).toThrow("More than the design's 2 clusters");
  expect(() => createGateFold([], designOf(clusters), FACTS, fold.state())).toThrow("it is of another gate");
});
