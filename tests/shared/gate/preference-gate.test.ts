import { expect, test } from "vitest";
import { EVALUATORS } from "../../../shared/evaluators/registry.ts";
import { createSummariser } from "../../../shared/evaluation/summarise.ts";
import { createGateFold } from "../../../shared/gate/gate-fold.ts";
import { judgeGate } from "../../../shared/gate/judge-gate.ts";
import { metricFactsOf } from "../../../shared/gate/metric-facts.ts";
import type { GateRequirement } from "../../../shared/model/flow.ts";
import type { MetricSummary } from "../../../shared/model/run.ts";

const FACTS = metricFactsOf([EVALUATORS.preference]);
const GATE: GateRequirement[] = [
  {
    metric: "preference",
    statistic: "mean",
    direction: "higher",
    threshold: { comparison: ">=", value: 0.5 },
    noWorseThan: { absolute: 0.1 },
    line: 1,
  },
];

/** What rows with these values come to; null is a row without one. */
function summaries(...values: (number | null)[]): MetricSummary[] {
  const summariser = createSummariser(["preference"], { operational: false });
  for (const value of values) {
    const score = { value, passed: value === null ? undefined : value >= 0.5, reason: "" };
    summariser.add({ scores: { preference: score } } as unknown as Parameters<typeof summariser.add>[0]);
  }
  return summariser.summaries();
}

test("without any baseline there is nothing to compare with, which holds like a margin does", () => {
  const results = judgeGate(GATE, summaries(null, null), undefined, FACTS);
  expect(results.map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ["absolute", "pass"],
    ["relative", "pass"],
  ]);
  expect(results[0]?.reason).toBe("preference mean has no earlier version to compare with.");
});

test("with a baseline a row that was not compared is no pass", () => {
  const outcomes = (...values: (number | null)[]) =>
    judgeGate(GATE, summaries(...values), summaries(...values.map(() => 0.5)), FACTS).map(
      ({ outcome }) => outcome,
    );
  expect(outcomes(1, 0.5, 0)).toEqual(["pass", "pass"]);
  expect(outcomes(0, 0, 0.5)).toEqual(["fail", "fail"]);
  expect(outcomes(1, null)).toEqual(["inconclusive", "inconclusive"]);
});

test("a run without a baseline has one claim for each result, and settles none early", () => {
  const design = { clusters: 2, rows: 2, largestCluster: 1, baseline: false, scope: "dataset" as const };
  const fold = createGateFold(GATE, design, FACTS);
  expect(fold.state().claims).toHaveLength(2);
  expect(fold.decision()).toBeUndefined();
});
