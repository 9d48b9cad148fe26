import type { Changes } from "../../../shared/model/changes.ts";
import type { EvaluatorReference } from "../../../shared/model/flow.ts";
import type { Report, RequirementResult, RowResult, Verdict } from "../../../shared/model/run.ts";

const NOW = "2026-11-22T08:00:00.000Z";

export const SUITE: { evaluators: EvaluatorReference[] } = {
  evaluators: [
    { name: "groundedness", use: "groundedness", threshold: 4 },
    { name: "f1_score", use: "f1_score" },
  ],
};

export function sampleRow(differences: Partial<RowResult> = {}): RowResult {
  return {
    row: {
      id: "q17",
      hash: "h",
      cluster: "h",
      dataset: "data/questions.jsonl",
      as: "quality",
      fields: { question: "How heavy is the Skylark Duo Tent?" },
    },
    trial: 0,
    candidate: {
      answer: "It is very light.",
      context: "[1] Skylark Duo Tent: 1.9 kg, 45 x 15 cm",
      scores: {
        f1_score: { value: 0.66, passed: true, reason: undefined },
        groundedness: { value: 3, passed: false, reason: "No document says that it is light." },
      },
      latencyMs: 20,
      inputTokens: 1,
      outputTokens: 1,
      cost: 0.0001,
      model: "m",
      error: undefined,
      cached: false,
      calls: 1,
      saved: 0,
    },
    baseline: undefined,
    ...differences,
  };
}

const HOLDS: RequirementResult = {
  metric: "groundedness",
  statistic: "mean",
  kind: "absolute",
  outcome: "pass",
  value: 4.62,
  baseline: 4.58,
  comparison: ">=",
  limit: 4,
  reason:
    "groundedness mean is 4.62, needs >= 4, on 24 of 64 rows: that it holds is shown, at an error of at most 5 %.",
  interval: { low: 4.31, high: 4.93 },
};

export const FAILS: RequirementResult = {
  metric: "f1_score",
  statistic: "passRate",
  kind: "relative",
  outcome: "fail",
  value: 0.61,
  baseline: 0.82,
  comparison: ">=",
  limit: 0.79,
  reason: "f1_score pass rate is 61 %, needs >= 79 %: production has 82 %, and 3 points worse is accepted.",
  interval: { low: 0.48, high: 0.73 },
  difference: {
    value: -0.21,
    interval: { low: -0.34, high: -0.08 },
    pValue: 0.97,
    pairs: 24,
    accepted: 0.03,
    neededPairs: 900,
  },
  power: "24 rows are too few to rule out a loss of 3 points reliably: 900 rows would do it in 80 % of runs.",
};

export function sampleReport(differences: Partial<Report> = {}): Report {
  const summary = { rows: 24, scored: 24, missing: 0, p50: 5, p95: 5, p99: 5, max: 5, defects: 3 };
  return {
    run: {
      id: "run2",
      flow: "shop",
      version: "bbbbbbbbbbbb",
      suite: "cccccccccccc",
      baseline: "aaaaaaaaaaaa",
      purpose: "candidate",
      models: { chat: "openai/gpt-4o-mini", judge: "openai/gpt-4o", embedding: "e" },
      rows: 64,
      shards: ["0", "1"],
      plannedAt: NOW,
      commit: { author: "Ada", commit: "0123456789abcdef" },
    },
    candidate: [
      { ...summary, metric: "groundedness", mean: 4.62, passRate: 0.9 },
      { ...summary, metric: "f1_score", mean: 0.55, passRate: 0.61 },
      { ...summary, metric: "latency", mean: 820, p95: 1930, passRate: null, defects: 0 },
      { ...summary, metric: "cost", mean: 0.0001, passRate: null, defects: 0 },
    ],
    baseline: [{ ...summary, metric: "groundedness", mean: 4.58, passRate: 0.9 }],
    calls: { made: 128, saved: 12 },
    spend: {
      calls: 126,
      failed: 2,
      embeddings: 0,
      inputTokens: 50_000,
      outputTokens: 4_321,
      cost: 0.0876,
      unpriced: [],
    },
    rowsUsed: 24,
    stoppedEarly: { outcome: "fail", afterRows: 24, ofRows: 64, callsAvoided: 160 },
    notices: ["Violence was judged by a model: no content safety connection is set."],
    worst: [sampleRow()],
    completedAt: NOW,
    ...differences,
  };
}

export function sampleVerdict(differences: Partial<Verdict> = {}): Verdict {
  return {
    run: "run2",
    flow: "shop",
    version: "bbbbbbbbbbbb",
    suite: "cccccccccccc",
    baseline: "aaaaaaaaaaaa",
    purpose: "candidate",
    outcome: "fail",
    requirements: [HOLDS, FAILS],
    reasons: [FAILS.reason, "The run stopped after 24 of 64 rows."],
    decidedAt: NOW,
    ...differences,
  };
}

export const CHANGES: Changes = {
  settings: [{ name: "chat.prompty.temperature", before: "0.2", after: "0.9" }],
  files: [
    {
      path: "chat.prompty",
      role: "prompt",
      kind: "changed",
      added: 1,
      removed: 1,
      note: undefined,
      diff: [
        { kind: "hunk", text: "@@ -1,2 +1,2 @@" },
        { kind: "same", text: "system:" },
        { kind: "removed", text: "Answer from the documents." },
        {
          kind: "added",
          text: "Answer as you like. Products may be named from memory, in as many sentences as it takes.",
        },
      ],
    },
  ],
  moreFiles: 0,
};
