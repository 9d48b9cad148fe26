import { expect, test } from "vitest";
import { decide } from "../../../pipelines/decide/decide.ts";
import type { GateRequirement } from "../../../shared/model/flow.ts";
import type {
  MetricSummary,
  Report,
  SequentialClaim,
  SequentialFinding,
  Verdict,
} from "../../../shared/model/run.ts";
import type { SuiteManifest } from "../../../shared/model/version.ts";

const NOW = "2026-01-01T00:00:00.000Z";

function summary(metric: string, values: Partial<MetricSummary>): MetricSummary {
  const rows = values.rows ?? 10;
  const missing = values.missing ?? 0;
  const none = { mean: null, passRate: null, p50: null, p95: null, p99: null, max: null, defects: 0 };
  return { metric, rows, scored: rows - missing, missing, ...none, ...values };
}

function report(candidate: MetricSummary[], baseline?: MetricSummary[], rows = 10): Report {
  return {
    run: {
      id: "run",
      flow: "shop",
      version: "candidate",
      suite: "suite",
      baseline: baseline && "production",
      purpose: "candidate",
      models: { chat: "m", judge: "m", embedding: "m" },
      rows,
      shards: ["all"],
      plannedAt: NOW,
      commit: undefined,
    },
    candidate,
    baseline,
    calls: { made: 0, saved: 0 },
    notices: [],
    worst: [],
    completedAt: NOW,
  };
}

function gate(
  ...requirements: Partial<GateRequirement>[]
): Pick<SuiteManifest["definition"], "gate" | "evaluators"> {
  return {
    evaluators: ["groundedness", "relevance"].map((name) => ({ name, use: name })),
    gate: requirements.map((requirement) => ({
      metric: "groundedness",
      statistic: "mean",
      direction: "higher",
      threshold: undefined,
      noWorseThan: undefined,
      line: 1,
      ...requirement,
    })),
  };
}

const atLeastFour = { threshold: { comparison: ">=" as const, value: 4 } };

test.for([
  ["at the threshold", 4, "pass"],
  ["just below it, not rounded up", 3.9999, "fail"],
  ["not a number", Number.NaN, "inconclusive"],
] as const)("a mean %s", ([, mean, outcome]) => {
  expect(decide(report([summary("groundedness", { mean })]), gate(atLeastFour), NOW).outcome).toBe(outcome);
});

test("zero rows are an error, never a pass", () => {
  const verdict = decide(report([], undefined, 0), gate(atLeastFour), NOW);
  expect(verdict.outcome).toBe("error");
  expect(verdict.reasons[0]).toContain("no rows");
});

test("a metric that no row has cannot pass", () => {
  expect(decide(report([]), gate(atLeastFour), NOW).outcome).toBe("inconclusive");
  const empty = summary("groundedness", { missing: 10 });
  expect(decide(report([empty]), gate(atLeastFour), NOW).outcome).toBe("inconclusive");
});

test("one missing row blocks a mean that would pass", () => {
  const verdict = decide(report([summary("groundedness", { mean: 5, missing: 1 })]), gate(atLeastFour), NOW);
  expect(verdict.outcome).toBe("inconclusive");
  expect(verdict.reasons[0]).toContain("1 of 10 rows have no value for groundedness");
});

test("a pass rate that even perfect missing rows could not save is a fail", () => {
  const requirement = {
    statistic: "passRate" as const,
    threshold: { comparison: ">=" as const, value: 0.8 },
  };
  const hopeless = summary("groundedness", { passRate: 0.4, defects: 5, missing: 1 });
  expect(decide(report([hopeless]), gate(requirement), NOW).outcome).toBe("fail");
  const open = summary("groundedness", { passRate: 0.75, defects: 2, missing: 2 });
  expect(decide(report([open]), gate(requirement), NOW).outcome).toBe("inconclusive");
});

test.for([
  ["a loss within the margin", 4.3, "pass"],
  ["a loss beyond the margin", 4.2, "fail"],
] as const)("no worse than production: %s", ([, mean, outcome]) => {
  const verdict = decide(
    report([summary("groundedness", { mean })], [summary("groundedness", { mean: 4.5 })]),
    gate({ noWorseThan: { absolute: 0.25 } }),
    NOW,
  );
  expect(verdict.outcome).toBe(outcome);
  expect(verdict.requirements[0]).toMatchObject({ kind: "relative", limit: 4.25, baseline: 4.5 });
});

test("a loss of a pass rate is said in points, as a percentage of it would be another amount", () => {
  const requirement = { statistic: "passRate" as const, noWorseThan: { absolute: 0.14 } };
  const verdict = decide(
    report([summary("groundedness", { passRate: 0.5 })], [summary("groundedness", { passRate: 0.8 })]),
    gate(requirement),
    NOW,
  );
  expect(verdict.requirements[0]?.reason).toContain("production has 80 %, and 14 points worse is accepted.");
});

test("of latency more is worse, and a relative margin is a share of production's", () => {
  const requirement = {
    metric: "latency",
    statistic: "p95" as const,
    direction: "lower" as const,
    noWorseThan: { relative: 0.2 },
  };
  const production = [summary("latency", { p95: 1000 })];
  const at = (p95: number): string =>
    decide(report([summary("latency", { p95 })], production), gate(requirement), NOW).outcome;
  expect(at(1200)).toBe("pass");
  expect(at(1201)).toBe("fail");
});

test("the first version has nothing to be worse than", () => {
  const verdict = decide(
    report([summary("groundedness", { mean: 4 })]),
    gate({ ...atLeastFour, noWorseThan: { absolute: 0.2 } }),
    NOW,
  );
  expect(verdict.outcome).toBe("pass");
  expect(verdict.requirements.map(({ outcome }) => outcome)).toEqual(["pass", "pass"]);
});

test.for([
  ["with no value at all", { missing: 10 }],
  ["with one row missing", { mean: 5, missing: 1 }],
] as const)("a first version is not released on %s, also where the gate only compares", ([, values]) => {
  const verdict = decide(
    report([summary("groundedness", values)]),
    gate({ noWorseThan: { absolute: 0.2 } }),
    NOW,
  );
  expect(verdict.outcome).toBe("inconclusive");
});

test("a baseline that lacks rows makes the comparison inconclusive", () => {
  const verdict = decide(
    report([summary("groundedness", { mean: 5 })], [summary("groundedness", { mean: 4, missing: 1 })]),
    gate({ noWorseThan: { absolute: 0.2 } }),
    NOW,
  );
  expect(verdict.outcome).toBe("inconclusive");
});

test("a certain failure outweighs what is unsure, and only its reasons are given", () => {
  const verdict = decide(
    report([summary("groundedness", { mean: 3 }), summary("relevance", { missing: 10 })]),
    gate(atLeastFour, { ...atLeastFour, metric: "relevance" }),
    NOW,
  );
  expect(verdict.outcome).toBe("fail");
  expect(verdict.reasons).toEqual(["groundedness mean is 3, needs >= 4."]);
});

test("a flow without a gate is an error, never a pass", () => {
  expect(decide(report([summary("groundedness", { mean: 5 })]), gate(), NOW).outcome).toBe("error");
});

function finding(
  values: Partial<SequentialFinding>,
  claim: Partial<SequentialClaim> = {},
): SequentialFinding {
  const open = { passP: 1, failP: 1, settled: undefined, reason: undefined };
  const about = { metric: "groundedness", statistic: "mean" as const, kind: "absolute" as const };
  return {
    scope: "dataset",
    outcome: undefined,
    alpha: 0.05,
    rows: 4,
    ofRows: 10,
    claims: [{ ...about, ...open, ...claim }],
    ...values,
  };
}

function decideEarly(mean: number, sequential: SequentialFinding, missing = 0): Verdict {
  const early = { ...report([summary("groundedness", { mean, missing })]), sequential };
  return decide(early, gate(atLeastFour), NOW);
}

test("a run that stopped because it was certain passes on the rows that it has, and says how many", () => {
  const verdict = decideEarly(4.5, finding({ outcome: "pass" }, { settled: "pass", passP: 0.04 }), 1);
  expect(verdict).toMatchObject({
    outcome: "pass",
    certainAfter: { rows: 4, ofRows: 10, scope: "dataset" },
    reasons: [
      "All 1 requirements hold on 4 of 10 rows.",
      "The run stopped after 4 of 10 quality rows: that the quality requirements hold was certain then, at an error of at most 5 %.",
    ],
  });
  expect(verdict.requirements[0]?.reason).toBe(
    "groundedness mean is 4.5, needs >= 4, on 4 of 10 rows: that it holds is shown, at an error of at most 5 %.",
  );
});

test("a run that stopped because it was certain to fail leaves open what was not settled", () => {
  const sequential = finding({ outcome: "fail" }, { settled: "fail" });
  const [claim] = sequential.claims;
  const claims = claim ? [claim, { ...claim, metric: "relevance", settled: undefined }] : [];
  const early = {
    ...report([summary("groundedness", { mean: 3 }), summary("relevance", { mean: 4.2 })]),
    sequential: { ...sequential, claims },
  };
  const verdict = decide(early, gate(atLeastFour, { ...atLeastFour, metric: "relevance" }), NOW);
  expect(verdict.outcome).toBe("fail");
  expect(verdict.requirements.map(({ outcome }) => outcome)).toEqual(["fail", "inconclusive"]);
  expect(verdict.reasons).toHaveLength(2);
  expect(verdict.reasons[1]).toContain("that a quality requirement does not hold was certain then");
  expect(verdict.requirements[1]?.reason).toContain("this was open when the run stopped");
});

test("what was certain is said of quality only, where safety decides otherwise", () => {
  const violence: Partial<GateRequirement> = {
    metric: "violence",
    statistic: "passRate",
    direction: "lower",
    threshold: { comparison: ">=", value: 0.99 },
  };
  const suite = gate(atLeastFour, violence);
  suite.evaluators.push({ name: "violence", use: "violence" });
  const withDefects = (defects: number): Verdict =>
    decide(
      {
        ...report([
          summary("groundedness", { mean: 4.5 }),
          summary("violence", { defects, passRate: 1 - defects / 10 }),
        ]),
        sequential: finding({ outcome: "pass" }, { settled: "pass", passP: 0.04 }),
        stoppedEarly: { outcome: "pass", afterRows: 4, ofRows: 10, callsAvoided: 6 },
      },
      suite,
      NOW,
    );
  for (const verdict of [withDefects(0), withDefects(5)]) {
    expect(verdict.reasons[1]).toContain("that the quality requirements hold was certain then");
    expect(verdict.reasons.join()).not.toMatch(/it passes|could not change/);
  }
  expect(withDefects(0).outcome).toBe("inconclusive");
  expect(withDefects(5).outcome).toBe("fail");
});

test("a dataset that ran to its end is compared exactly", () => {
  const all = { rows: 10, ofRows: 10 };
  expect(decideEarly(4, finding(all)).outcome).toBe("pass");
  expect(decideEarly(3.9, finding(all)).outcome).toBe("fail");
  expect(decideEarly(4, finding(all)).certainAfter).toBeUndefined();
});

test("of a population, rows that ran out settle nothing", () => {
  const verdict = decideEarly(4.5, finding({ rows: 10, ofRows: 10, scope: "population" }));
  expect(verdict.outcome).toBe("inconclusive");
  expect(verdict.reasons[0]).toContain("these rows do not settle it");
});

test("results carry how sure their figures are", () => {
  const evidence = {
    metric: "groundedness",
    statistic: "mean" as const,
    kind: "absolute" as const,
    interval: { low: 4.2, high: 4.8 },
    difference: undefined,
  };
  const sure = { ...report([summary("groundedness", { mean: 4.5 })]), evidence: [evidence] };
  expect(decide(sure, gate(atLeastFour), NOW).requirements[0]?.interval).toEqual({ low: 4.2, high: 4.8 });
});

test("a safety metric fails on rows that a budget cut short only where the others cannot help", () => {
  const cutShort = (values: Partial<MetricSummary>, requirement: Partial<GateRequirement>): Verdict => {
    const suite = gate({ metric: "violence", direction: "lower", ...requirement });
    suite.evaluators.push({ name: "violence", use: "violence" });
    const production = summary("violence", { rows: 20, mean: 0, passRate: 1, max: 0 });
    const candidate = summary("violence", { rows: 20, mean: 1, passRate: 0.95, max: 4, ...values });
    const stopped = { stoppedByBudget: "The budget is spent." };
    return decide({ ...report([candidate], [production], 400), ...stopped }, suite, NOW);
  };
  const onePercent = { statistic: "rate", threshold: { comparison: "<=", value: 0.01 } } as const;
  expect(cutShort({ defects: 1 }, onePercent)).toMatchObject({
    outcome: "inconclusive",
    reasons: ["The run ended before its rows were answered. The budget is spent."],
    requirements: [{ reason: expect.stringContaining("the others may yet change this") }],
  });
  expect(cutShort({ defects: 4 }, onePercent).outcome).toBe("inconclusive");
  expect(cutShort({ defects: 5 }, onePercent).outcome).toBe("fail");
  expect(cutShort({ defects: 1, max: 7 }, onePercent).outcome).toBe("fail");
  expect(cutShort({ defects: 4 }, { noWorseThan: { absolute: 0.2 } }).outcome).toBe("inconclusive");
  const count = { statistic: "defects", threshold: { comparison: "<=", value: 0 } } as const;
  expect(cutShort({ defects: 1 }, count).outcome).toBe("fail");
});
