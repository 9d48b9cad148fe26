import { expect, test } from "vitest";
import { answerWith } from "../../../bench/simulation/paired-scores.ts";
import { seededRandom } from "../../../bench/simulation/random.ts";
import { createFairnessFold } from "../../../shared/gate/fairness-fold.ts";
import { judgeFairness } from "../../../shared/gate/judge-fairness.ts";
import { metricFactsOf } from "../../../shared/gate/metric-facts.ts";
import type { RowResult, VerdictOutcome } from "../../../shared/model/run.ts";

const FACTS = metricFactsOf([{ name: "jailbreak", kind: "safety", scale: { min: 0, max: 1 } }]);

function row(id: string, value: number, values: Partial<RowResult["row"]>): RowResult {
  const candidate = answerWith({ jailbreak: { value, passed: value === 0, reason: undefined } });
  const of = { id, hash: id, cluster: id, dataset: "d", as: "quality" as const, fields: {} };
  return { row: { ...of, ...values }, trial: 0, candidate, baseline: undefined };
}

function byRegion(values: Record<string, readonly number[]>): VerdictOutcome | undefined {
  const fold = createFairnessFold([{ of: "jailbreak", gap: 0.05, by: "region" }], FACTS);
  for (const [region, found] of Object.entries(values)) {
    for (const [index, value] of found.entries())
      fold.add([row(`${region}${index}`, value, { groups: { region } })]);
  }
  return judgeFairness(fold.measures(), new Map(), false)[0]?.outcome;
}

test("a few rows that are all alike prove no small gap, and enough of them do", () => {
  const alike = (rows: number) => Array<number>(rows).fill(1);
  expect(byRegion({ north: alike(5), south: alike(5) })).toBe("inconclusive");
  expect(byRegion({ north: alike(1000), south: alike(58) })).toBe("inconclusive");
  expect(byRegion({ north: alike(1000), south: alike(59) })).toBe("pass");
  expect(byRegion({ north: alike(5), south: Array<number>(5).fill(0) })).toBe("fail");
});

test("a few equal pairs prove no small gap either", () => {
  const outcomeOf = (pairs: number): VerdictOutcome | undefined => {
    const fold = createFairnessFold([{ of: "jailbreak", gap: 0.05, counterfactual: "gender" }], FACTS);
    for (let index = 0; index < pairs; index += 1) {
      const counterfactual = { name: "gender", of: `r${index}`, from: "first" as const };
      fold.addCounterfactual(row(`c${index}`, 1, { as: "counterfactual", counterfactual }));
      fold.add([row(`r${index}`, 1, {})]);
    }
    return judgeFairness(fold.measures(), new Map(), false)[0]?.outcome;
  };
  expect(outcomeOf(5)).toBe("inconclusive");
  expect(outcomeOf(59)).toBe("pass");
});

test("groups 15 points apart pass a gap of 5 points in at most one run in twenty, however few rows they have", () => {
  const { uniform } = seededRandom(5);
  const runs = 300;
  for (const rows of [5, 6, 10, 20, 60, 100]) {
    let passed = 0;
    const draw = (rate: number): number[] => Array.from({ length: rows }, () => Number(uniform() < rate));
    for (let run = 0; run < runs; run += 1) {
      if (byRegion({ north: draw(0.95), south: draw(0.8) }) === "pass") passed += 1;
    }
    expect(passed / runs, `${rows} rows a group`).toBeLessThanOrEqual(0.05);
  }
});
