import { describe, expect, test } from "vitest";
import { createSummariser } from "../../../shared/evaluation/summarise.ts";
import { judgeGate } from "../../../shared/gate/judge-gate.ts";
import type { GateRequirement } from "../../../shared/model/flow.ts";
import type { MetricSummary, RequirementResult } from "../../../shared/model/run.ts";
import { compensatedSum } from "../../../shared/statistics/compensated-sum.ts";
import { atLeast, atMost, FACTS, foldAll, requirement, rowOf, singles } from "./fold-samples.ts";

const ROWS = [3, 7, 10, 20, 30, 50, 100, 200, 1000];

function summariesOf(values: readonly number[], passes: (value: number) => boolean): MetricSummary[] {
  const summariser = createSummariser(["groundedness"]);
  for (const value of values) {
    const { candidate } = rowOf({ quality: value, cost: value });
    summariser.add({
      ...candidate,
      scores: { groundedness: { value, passed: passes(value), reason: undefined } },
    });
  }
  return summariser.summaries();
}

function passing(count: number, rows: number): MetricSummary[] {
  return summariesOf(
    Array.from({ length: rows }, (_, index) => Number(index < count)),
    (value) => value > 0,
  );
}

function judged(
  gate: GateRequirement,
  candidate: MetricSummary[],
  baseline?: MetricSummary[],
): RequirementResult {
  const [result] = judgeGate([gate], candidate, baseline, FACTS);
  if (!result) throw new Error("The gate gave no result.");
  return result;
}

describe("what is exactly at the limit holds, and one row worse does not", () => {
  test("of a pass rate against production", () => {
    for (const rows of ROWS) {
      for (const accepted of [0.01, 0.02, 0.03, 0.05, 0.1, 0.3]) {
        const lost = Math.round(rows * accepted);
        if (lost === 0 || Math.abs(lost - rows * accepted) > 1e-9) continue;
        const gate = requirement({ statistic: "passRate", noWorseThan: { absolute: accepted } });
        for (let production = lost + 1; production <= rows; production += Math.ceil(rows / 12)) {
          const outcomes = [production - lost, production - lost - 1].map(
            (count) => judged(gate, passing(count, rows), passing(production, rows)).outcome,
          );
          expect(outcomes, `${production} of ${rows}, ${accepted} accepted`).toEqual(["pass", "fail"]);
        }
      }
    }
  });

  test("of a pass rate, with rows missing too", () => {
    for (const rows of ROWS) {
      for (let count = 1; count < rows; count += Math.ceil(rows / 12)) {
        const gate = atLeast(count / rows, { statistic: "passRate" });
        const at = judged(gate, passing(count, rows)).outcome;
        const beyond = judged(gate, passing(count - 1, rows)).outcome;
        expect([at, beyond], `${count} of ${rows}`).toEqual(["pass", "fail"]);
        const [summary] = passing(count, rows);
        if (!summary) throw new Error("There is no summary.");
        const missing = { ...summary, rows: rows + 1, missing: 1 };
        const exact = atLeast((count + 1) / (rows + 1), { statistic: "passRate" });
        expect(judged(exact, [missing]).outcome).toBe("inconclusive");
        expect(judged(exact, [{ ...missing, defects: missing.defects + 1 }]).outcome).toBe("fail");
      }
    }
  });

  test("of a constant mean, whatever it is", () => {
    for (const value of [0.0002, 0.0003, 0.0007, 0.1, 0.2, 0.3, 0.6, 0.7, 0.8, 0.9, 3.3, 4.1]) {
      for (const rows of ROWS) {
        const all = Array<number>(rows).fill(value);
        const summaries = summariesOf(all, () => true);
        const worse = summariesOf([value - 1e-4, ...all.slice(1)], () => true);
        const gate = atLeast(value);
        const outcomes = [summaries, worse].map((measured) => judged(gate, measured).outcome);
        expect(outcomes, `${value} on ${rows} rows`).toEqual(["pass", "fail"]);
        expect(judged(atMost(value, { metric: "cost" }), summaries).outcome).toBe("pass");
      }
    }
  });

  test("of a margin that is as large as what production has", () => {
    const gate = requirement({
      noWorseThan: { absolute: 0.3 },
    });
    const production = summariesOf([0.1, 0.2, 0.3, 0.6], () => true);
    expect(
      judged(
        gate,
        summariesOf([0, 0, 0, 0], () => true),
        production,
      ).outcome,
    ).toBe("pass");
  });
});

test("the sequential verdict and the exact comparison agree at the accepted loss", () => {
  const gate = requirement({ statistic: "passRate", noWorseThan: { absolute: 0.1 } });
  const rows = Array.from({ length: 10 }, (_, index) =>
    rowOf({ quality: index < 3 ? 5 : 1 }, { quality: index < 4 ? 5 : 1 }),
  );
  expect(foldAll([gate], singles(rows)).decision()?.outcome).not.toBe("fail");
  expect(judged(gate, passing(3, 10), passing(4, 10)).outcome).toBe("pass");
});

test("a sum loses nothing to rounding", () => {
  expect(compensatedSum(Array<number>(10).fill(0.1))).toBe(1);
  expect(compensatedSum([1, 1e100, 1, -1e100])).toBe(2);
});
