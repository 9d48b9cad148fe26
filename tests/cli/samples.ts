import type { IntakeState } from "../../shared/model/intake.ts";
import type { LedgerEntry, ReleasePointer } from "../../shared/model/release.ts";
import type { Report, RequirementResult, RunPlan, Verdict } from "../../shared/model/run.ts";
import type { FlowStatus, RunDetail, RunStatus } from "../../shared/model/status.ts";

/** A flow called `shop`, whose version `bbbb…` was judged against `aaaa…`. */
export const OLD = "aaaaaaaaaaaa";
const NEW = "bbbbbbbbbbbb";
const SUITE = "cccccccccccc";

export function requirement(differences: Partial<RequirementResult> = {}): RequirementResult {
  return {
    metric: "groundedness",
    statistic: "mean",
    kind: "absolute",
    outcome: "pass",
    value: 4.62,
    baseline: 4.58,
    comparison: ">=",
    limit: 4,
    reason: "groundedness mean is 4.62, as needed.",
    ...differences,
  };
}

const failing = requirement({
  metric: "f1_score",
  statistic: "passRate",
  outcome: "fail",
  value: 0.61,
  baseline: 0.82,
  limit: 0.8,
  reason: "Only 61 % of the rows pass f1_score.",
});

export function verdict(differences: Partial<Verdict> = {}): Verdict {
  return {
    run: "run-2",
    flow: "shop",
    version: NEW,
    suite: SUITE,
    baseline: OLD,
    purpose: "candidate",
    outcome: "pass",
    requirements: [requirement()],
    reasons: ["All requirements hold."],
    decidedAt: "2026-11-22T08:00:00.000Z",
    ...differences,
  };
}

export const failedVerdict = verdict({
  outcome: "fail",
  requirements: [requirement(), failing],
  reasons: [failing.reason],
});

function plan(differences: Partial<RunPlan> = {}): RunPlan {
  return {
    id: "run-2",
    flow: "shop",
    version: NEW,
    suite: SUITE,
    baseline: OLD,
    purpose: "candidate",
    models: { chat: "m", judge: "m", embedding: "e" },
    rows: 64,
    shards: ["00", "01", "10", "11"],
    plannedAt: "2026-11-22T07:59:00.000Z",
    commit: undefined,
    ...differences,
  };
}

export function run(differences: Partial<RunStatus> = {}): RunStatus {
  return { plan: plan(), shardsDone: 4, state: "completed", verdict: verdict(), ...differences };
}

export function ledgerEntry(differences: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    sequence: 1,
    previousHash: "",
    at: "2026-11-22T08:00:01.000Z",
    flow: "shop",
    kind: "promoted",
    version: NEW,
    suite: SUITE,
    run: "run-2",
    from: OLD,
    actor: "system",
    reason: "All requirements hold.",
    commit: undefined,
    hash: "h",
    ...differences,
  };
}

export function release(differences: Partial<ReleasePointer> = {}): ReleasePointer {
  return {
    flow: "shop",
    generation: 7,
    state: "idle",
    stable: { version: NEW, suite: SUITE, run: "run-2", since: "2026-11-22T08:00:01.000Z" },
    previous: { version: OLD, suite: SUITE, run: "run-1", since: "2026-11-21T08:00:00.000Z" },
    entry: ledgerEntry(),
    ...differences,
  };
}

export function change(differences: Partial<IntakeState> = {}): IntakeState {
  return {
    flow: "shop",
    sequence: 2,
    fingerprint: "f",
    at: "2026-11-22T07:58:00.000Z",
    commit: {
      author: "Ada",
      branch: "main",
      commit: "0123456789abcdef",
      message: "Name prices",
      pushId: "push-2",
    },
    outcome: {
      kind: "accepted",
      version: NEW,
      suite: SUITE,
      rollout: { kind: "immediate" },
      diagnostics: [],
    },
    ...differences,
  };
}

export const refusedChange = change({
  outcome: {
    kind: "refused",
    diagnostics: [
      {
        severity: "error",
        file: "flow.yaml",
        line: 3,
        column: 5,
        message: 'unknown key "promt"',
        remedy: 'Did you mean "prompt"?',
      },
    ],
  },
});

export function status(differences: Partial<FlowStatus> = {}): FlowStatus {
  return { flow: "shop", release: release(), change: change(), run: run(), ...differences };
}

function report(differences: Partial<Report> = {}): Report {
  const summary = {
    rows: 64,
    scored: 64,
    missing: 0,
    passRate: 0.9,
    p50: 5,
    p95: 5,
    p99: 5,
    max: 5,
    defects: 3,
  };
  return {
    run: plan(),
    candidate: [{ ...summary, metric: "groundedness", mean: 4.62 }],
    baseline: undefined,
    calls: { made: 128, saved: 12 },
    notices: ["Answered by the offline stand-in."],
    worst: [
      {
        row: {
          id: "q17",
          hash: "h",
          cluster: "h",
          dataset: "data/questions.jsonl",
          as: "quality",
          fields: { question: "How heavy is the tent?" },
        },
        trial: 0,
        candidate: {
          answer: "It is \u001b[31mvery light\u001b[0m.",
          context: undefined,
          scores: { groundedness: { value: 1, passed: false, reason: "No document says so." } },
          latencyMs: 20,
          inputTokens: 1,
          outputTokens: 1,
          cost: undefined,
          model: "m",
          error: undefined,
          cached: false,
          calls: 1,
          saved: 0,
        },
        baseline: undefined,
      },
    ],
    completedAt: "2026-11-22T08:00:00.000Z",
    ...differences,
  };
}

export function runDetail(differences: Partial<RunDetail> = {}): RunDetail {
  return { ...run(), report: report(), ...differences };
}
