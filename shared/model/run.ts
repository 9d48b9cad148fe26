import type { Statistic } from "./flow.ts";
import type { Commit } from "./version.ts";

/**
 * `registry/<flow>/runs/<id>/plan.json`. A **run** is one version evaluated on one suite against a baseline. Its id
 * follows from those and the models, so the same change delivered twice is one run. Where such a run is over and a
 * newer change asks for the same, its sequence is part of the id.
 */
export interface RunPlan {
  id: string;
  flow: string;
  version: string;
  suite: string;
  /** The version in production when the run was planned; undefined for the first and for a re-certification. */
  baseline: string | undefined;
  /** `proposal` can never be promoted; `recertification` judges the version in production on a new suite. */
  purpose: "candidate" | "recertification" | "proposal";
  /** Service and model, such as `openai/gpt-4o-mini`, where the flow names none. */
  models: { chat: string; judge: string; embedding: string };
  rows: number;
  /** Buckets of the suite in the order they are visited: a seeded hash of suite and candidate. */
  shards: string[];
  plannedAt: string;
  commit: Commit | undefined;
}

/** One score. `null` means not scorable: never 0, never a pass. */
export interface Score {
  value: number | null;
  /** Undefined where the score is null. */
  passed: boolean | undefined;
  /** Why, in the judge's or the evaluator's words. */
  reason: string | undefined;
}

/** What one version made of one row. */
export interface RowAnswer {
  answer: string | undefined;
  /** Why the service would not answer (its content filter): no answer, and no error either. */
  refusal?: string | undefined;
  /** What the answer could draw on, as text: the documents and records of the steps. */
  context: string | undefined;
  scores: Record<string, Score>;
  latencyMs: number | undefined;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  /** US dollars; undefined where the model's price is unknown. */
  cost: number | undefined;
  /** The model as the service named it in its answer. */
  model: string | undefined;
  /** Why there is no answer, or a judge could not be reached; `transient` where a later attempt may succeed. */
  error: { kind: string; message: string; transient: boolean } | undefined;
  /** Whether the answer came from the cache, and how many calls were made for this row in this shard. */
  cached: boolean;
  calls: number;
  /** Calls that the cache saved. */
  saved: number;
}

/** One line of `runs/<id>/shards/<bucket>.jsonl`. */
export interface RowResult {
  row: {
    id: string;
    hash: string;
    cluster: string;
    dataset: string;
    as: "quality" | "safety";
    fields: Record<string, unknown>;
  };
  /** From 0: which of the row's repetitions. */
  trial: number;
  candidate: RowAnswer;
  baseline: RowAnswer | undefined;
}

/** One metric over the rows it is measured on, each counted once a trial. `scored` + `missing` = rows. */
export interface MetricSummary {
  metric: string;
  rows: number;
  scored: number;
  missing: number;
  mean: number | null;
  passRate: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
  /** Rows that did not pass; for `errors` and `refusals`, rows that failed or were refused. */
  defects: number;
}

/** `runs/<id>/report.json`: what a run measured. Says nothing about whether that is good. */
export interface Report {
  run: RunPlan;
  candidate: MetricSummary[];
  baseline: MetricSummary[] | undefined;
  calls: { made: number; saved: number };
  /** Things a reader must know, such as that the answers came from the offline stand-in. */
  notices: string[];
  /** The rows with the lowest scores, worst first. */
  worst: RowResult[];
  completedAt: string;
}

export type VerdictOutcome = "pass" | "fail" | "inconclusive" | "error";

/** One gate requirement after judgement. `reason` is a sentence a newcomer understands. */
export interface RequirementResult {
  metric: string;
  statistic: Statistic;
  /** `absolute` against a threshold, `relative` against the baseline. */
  kind: "absolute" | "relative";
  outcome: VerdictOutcome;
  value: number | null;
  baseline: number | null;
  comparison: ">=" | "<=";
  limit: number | null;
  reason: string;
}

/** `runs/<id>/verdict.json`. */
export interface Verdict {
  run: string;
  flow: string;
  version: string;
  suite: string;
  baseline: string | undefined;
  purpose: RunPlan["purpose"];
  outcome: VerdictOutcome;
  requirements: RequirementResult[];
  /** The reasons that decided, most important first. */
  reasons: string[];
  decidedAt: string;
}
