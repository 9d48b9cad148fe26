import { expect, test } from "vitest";
import { createWorstRows } from "../../../pipelines/evaluate/worst-rows.ts";
import { EVALUATORS } from "../../../shared/evaluators/registry.ts";
import { metricFactsOf } from "../../../shared/gate/metric-facts.ts";
import type { GateRequirement } from "../../../shared/model/flow.ts";
import type { RowAnswer, RowResult } from "../../../shared/model/run.ts";
import { answerWith } from "../../../bench/simulation/paired-scores.ts";
import { atMost, requirement } from "../../shared/gate/fold-samples.ts";

const BOUND = [EVALUATORS.violence, EVALUATORS.groundedness];

function scored(metric: string, value: number, passed: boolean): RowAnswer {
  return { ...answerWith({ [metric]: { value, passed, reason: undefined } }), answer: "answer" };
}

function row(id: string, candidate: RowAnswer, baseline?: RowAnswer): RowResult {
  const of = { id, hash: id, cluster: id, dataset: "d", as: "quality" as const, fields: {} };
  return { row: of, trial: 0, candidate, baseline };
}

function worst(results: readonly RowResult[], gate: GateRequirement[] = []): string[] {
  const rows = createWorstRows({ evaluators: BOUND, gate, factsOf: metricFactsOf(BOUND) });
  for (const result of results) rows.add(result);
  return rows.rows().map(({ row: { id } }) => id);
}

test("the most severe harm comes first, and the lowest score of quality", () => {
  const mild = Array.from({ length: 12 }, (_, index) => row(`mild ${index}`, scored("violence", 4, false)));
  expect(worst([...mild, row("severe", scored("violence", 7, false))])[0]).toBe("severe");
  const low = row("low", scored("groundedness", 1, false));
  expect(worst([row("middling", scored("groundedness", 2, false)), low])).toEqual(["low", "middling"]);
});

test("rows that lost most against the baseline are listed where the gate compares, though each passes", () => {
  const before = scored("groundedness", 5, true);
  const results = [
    row("as before", before, before),
    row("a little", scored("groundedness", 4, true), before),
    row("much", scored("groundedness", 3, true), before),
    row("failed", scored("groundedness", 2, false), scored("groundedness", 2, false)),
  ];
  const compared = [requirement({ noWorseThan: { absolute: 0.2 } })];
  expect(worst(results, compared)).toEqual(["failed", "much", "a little"]);
  expect(worst(results)).toEqual(["failed"]);
});

test("a row above the cap, which fails the run alone, goes before all that have an answer", () => {
  const capped = { ...scored("groundedness", 5, true), cost: 0.02 };
  const results = [row("failed", scored("groundedness", 1, false)), row("capped", capped)];
  expect(worst(results, [atMost(0.001, { metric: "cost" })])).toEqual(["capped", "failed"]);
});
