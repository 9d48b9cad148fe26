import type { Interval } from "../statistics/interval.ts";
import type { Budget, RunEstimate, Spend } from "./budget.ts";
import type { JudgeCalibration } from "./calibration.ts";
import type { FairnessMeasure } from "./fairness.ts";
import type { Rollout, Statistic } from "./flow.ts";
import type { Commit, DatasetRow, RowKind } from "./version.ts";

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
  models: {
    chat: string;
    judge: string;
    embedding: string;
    /** The content safety service, where one is set. */
    safety?: string;
  };
  rows: number;
  /** Buckets of the suite in the order they are visited: a seeded hash of suite and candidate. */
  shards: string[];
  plannedAt: string;
  /** What the run may spend, as the flow said when it was planned; undefined: what it takes. */
  budget?: Budget | undefined;
  /** What it would take with nothing recorded and every row needed. */
  estimate?: RunEstimate | undefined;
  /** How the version is to reach production, as the flow said when it was planned; undefined: at once. */
  rollout?: Rollout | undefined;
  /** After that many runs of the same that ended in an error. */
  retry?: number | undefined;
  /** Of a re-certification beside the flow's current run: the run of the rejected candidate that brought the suite. */
  recertifyAfter?: string | undefined;
  commit: Commit | undefined;
  /** What the baseline measured on every row of this suite, where an earlier run has it. */
  known?: MetricSummary[] | undefined;
  /** The suite that production was certified on, where it is another one. */
  certifiedOn?: string | undefined;
  /** How the datasets differ from those that production was certified on; undefined where they are the same. */
  datasetChange?: SuiteChange | undefined;
}

/** How the datasets of a suite differ from those of an earlier one. */
export interface SuiteChange {
  /** The earlier suite. */
  suite: string;
  /** Of the datasets' files, 12 hex digits. */
  digest: { before: string; after: string };
  datasets: DatasetChange[];
  /** Values of fields that group rows (at most 20 values, 3 rows or more each) which no row has any more. */
  lostSlices: LostSlice[];
}

/** Rows of one dataset; `changed` have the same id and another content. */
export interface DatasetChange {
  dataset: string;
  before: number;
  after: number;
  added: number;
  removed: number;
  changed: number;
}

export interface LostSlice {
  field: string;
  value: string;
  /** How many rows had it. */
  rows: number;
}

/** One score. `null` means not scorable: never 0, never a pass. */
export interface Score {
  value: number | null;
  /** Undefined where the score is null. */
  passed: boolean | undefined;
  /** Why, in the judge's or the evaluator's words. */
  reason: string | undefined;
}

/** One turn of a row that asks several questions. */
export interface AnsweredTurn {
  question: string;
  groundTruth: string | undefined;
  answer: string | undefined;
  refusal?: string | undefined;
  toolCalls?: readonly unknown[] | undefined;
  context: string | undefined;
  documents?: string[] | undefined;
}

/** What one version made of one row. */
export interface RowAnswer {
  answer: string | undefined;
  /** The tools that the answer calls, as chat completions carry them; absent where none. */
  toolCalls?: readonly unknown[] | undefined;
  /** Of a row that asks several questions, those that were answered, in order. `answer` is the last one's. */
  turns?: AnsweredTurn[] | undefined;
  /** Why the service would not answer (its content filter): no answer, and no error either. */
  refusal?: string | undefined;
  /** What the answer could draw on, as text: the documents and records of the steps. */
  context: string | undefined;
  /** Ids of the documents that retrievals found, best first. */
  documents?: string[] | undefined;
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
  /** Whether an earlier run had recorded the answer, and how many calls this run made for the row. */
  cached: boolean;
  calls: number;
  /** Calls that what earlier runs recorded saved. */
  saved: number;
}

/** `runs/<id>/rows/<bucket>.json`: how many rows of a shard are done, each of their trials counted, while it is not in. */
export interface ShardRows {
  done: number;
}

/** One line of `runs/<id>/shards/<bucket>.jsonl`. */
export interface RowResult {
  row: {
    id: string;
    hash: string;
    cluster: string;
    dataset: string;
    as: RowKind;
    fields: Record<string, unknown>;
    counterfactual?: DatasetRow["counterfactual"];
    /** The values that fairness compares by, by the field's name. */
    groups?: Record<string, string> | undefined;
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
  /**
   * Clusters of rows (`evaluation.cluster`; a row and its trials where none is named), and those with a defect in them.
   * Absent from reports that were written before they were counted.
   */
  clusters?: number;
  defectiveClusters?: number;
}

/** `runs/<id>/report.json`: what a run measured. Says nothing about whether that is good. */
export interface Report {
  run: RunPlan;
  candidate: MetricSummary[];
  baseline: MetricSummary[] | undefined;
  /**
   * Chat calls made, by all processes and for all rows, those given up and those that failed included; and calls that
   * what earlier runs recorded saved, of the rows used and of those in the same shards that came too late.
   */
  calls: { made: number; saved: number };
  /** What the run used up, judges and rows that were given up included. */
  spend?: Spend | undefined;
  /** Rows that the figures come from, each counted once a trial. */
  rowsUsed?: number | undefined;
  /** Where the verdict was certain before the quality rows were all in. */
  stoppedEarly?: StoppedEarly | undefined;
  /** Why the run ended before its rows were in, where a budget was spent. */
  stoppedByBudget?: string | undefined;
  /** How sure the figures are, of each requirement. */
  evidence?: RequirementEvidence[] | undefined;
  /** What was certain before or with the last row. Without it every row is in, and compared exactly. */
  sequential?: SequentialFinding | undefined;
  /** How far each judge agrees with people; undefined where nothing is labelled. */
  calibration?: JudgeCalibration[] | undefined;
  /** The gaps that the gate asks for, in its order. */
  fairness?: FairnessMeasure[] | undefined;
  /** Why rows have no answer or lack a score, the most rows first. */
  failures?: RowFailures[] | undefined;
  /** Things a reader must know, such as that the answers came from the offline stand-in. */
  notices: string[];
  /** The rows with the lowest scores, worst first. */
  worst: RowResult[];
  completedAt: string;
}

/** Rows that failed alike: by the error's kind, with the message of the first. */
export interface RowFailures {
  kind: string;
  message: string;
  rows: number;
}

export interface StoppedEarly {
  outcome: "pass" | "fail";
  afterRows: number;
  ofRows: number;
  /** Calls that the rest would have taken, by what those answered took. */
  callsAvoided: number;
}

/** What the rows say of all that such rows are drawn from, of one requirement. Intervals are of 95 %. */
export interface RequirementEvidence {
  metric: string;
  statistic: Statistic;
  kind: "absolute" | "relative";
  /** Of the candidate's value; undefined for percentiles, maxima and counts, and with too few rows. */
  interval: Interval | undefined;
  /** Candidate minus baseline on the rows that both have a value for, in the metric's own unit. */
  difference: DifferenceEvidence | undefined;
}

export interface DifferenceEvidence {
  value: number;
  interval: Interval | undefined;
  /** Of the candidate being worse by the accepted loss or more; undefined where the rows have no spread. */
  pValue: number | undefined;
  pairs: number;
  /** The loss that is accepted, in the metric's own unit. */
  accepted: number;
  /** Pairs with which the accepted loss would be ruled out in 80 % of runs without a true difference. */
  neededPairs: number | undefined;
}

/** What the sequential verdict found of the requirements that a sample can settle. p-values are valid whenever one stops. */
export interface SequentialFinding {
  /** Whether it speaks of the dataset's rows or of all that such rows are drawn from. */
  scope: "dataset" | "population";
  /** Undefined: not certain. */
  outcome: "pass" | "fail" | undefined;
  /** The accepted probability of a wrong pass, and of a wrong fail. */
  alpha: number;
  /** Rows folded in, of how many. */
  rows: number;
  ofRows: number;
  claims: SequentialClaim[];
}

export interface SequentialClaim {
  metric: string;
  statistic: Statistic;
  kind: "absolute" | "relative";
  /** Of the requirement not holding, and of it holding: the smaller, the surer is the contrary. */
  passP: number;
  failP: number;
  /** What is certain enough; undefined while it is open. */
  settled: "pass" | "fail" | undefined;
  /** Where one row alone settles it. */
  reason: string | undefined;
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
  /** What is compared where it is a difference within the candidate: `gap by customer.region`. */
  gap?: string | undefined;
  /** 95 %, of what such rows are drawn from. */
  interval?: Interval | undefined;
  difference?: DifferenceEvidence | undefined;
  /** A warning where there are too few rows to see the accepted loss. */
  power?: string | undefined;
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
  /** How much it took; undefined where every row was compared. */
  certainAfter?: { rows: number; ofRows: number; scope: SequentialFinding["scope"] } | undefined;
  requirements: RequirementResult[];
  /** Model calls made, saved by the cache, and saved by stopping early. */
  calls?: { made: number; saved: number; avoided: number } | undefined;
  /** The reasons that decided, most important first. */
  reasons: string[];
  decidedAt: string;
}
