import type { Interval } from "../statistics/interval.ts";
import type { Changes } from "./changes.ts";
import type { Statistic } from "./flow.ts";
import type { RequirementResult, RunPlan, VerdictOutcome } from "./run.ts";

/**
 * `registry/<flow>/runs/<id>/view.json`: a report as people read it. The Markdown, the page and the terminal are made
 * from it and from nothing else, so that no number and no threshold differs between them. Every number is finite or
 * null, and stands beside its text. Texts of rows and models are cut, without control characters, and else as they
 * were: who shows them escapes them.
 */
export interface ReportView {
  flow: string;
  version: string;
  run: string;
  suite: string;
  /** The version that it was compared with; undefined for none. */
  baseline: string | undefined;
  purpose: RunPlan["purpose"];
  outcome: VerdictOutcome;
  /** `shop@3f9a1c2e8b04 passes: all 8 requirements hold`. */
  headline: string;
  reasons: string[];
  /** What a reader must know before believing a number. */
  notices: string[];
  requirements: RequirementView[];
  metrics: MetricView[];
  rows: { used: number; of: number; why: string };
  calls: { made: number; savedByCache: number; savedByStopping: number };
  /** What the whole run used up, in words; absent in runs of earlier releases. */
  spent?: string | undefined;
  /** US dollars that the candidate's answers cost; null where a price is unknown. */
  cost: { total: number | null; text: string };
  models: RunPlan["models"];
  /** How far the judge can be believed, and how groups compare. */
  evidence: EvidenceSection[];
  worst: RowView[];
  /** Against the baseline; undefined where there is none or nothing is known of it. */
  changes: Changes | undefined;
  /** Against the datasets that production was certified on, in sentences; empty where they are the same. */
  datasetChanges: string[];
  /** What else is judged by otherwise than production was (gate, evaluators, judge), in sentences; absent in old ones. */
  suiteChanges?: string[];
  plannedAt: string;
  completedAt: string;
  decidedAt: string;
  author: string | undefined;
  commit: string | undefined;
}

/** A table of texts, and what belongs to it one by one. */
export interface EvidenceSection {
  title: string;
  /** What the table shows, for a newcomer. */
  note: string;
  head: string[];
  rows: string[][];
  entries: EvidenceEntry[];
}

export interface EvidenceEntry {
  title: string;
  facts: { name: string; text: string }[];
}

/** A number as it is and as it reads. */
export interface Shown {
  value: number | null;
  text: string;
}

export interface ShownInterval extends Interval {
  text: string;
}

export interface RequirementView {
  /** `groundedness mean`, with "against production" where it is relative. */
  name: string;
  metric: string;
  statistic: Statistic;
  kind: RequirementResult["kind"];
  outcome: VerdictOutcome;
  value: Shown;
  comparison: ">=" | "<=";
  limit: Shown;
  baseline: Shown;
  /** 95 %. */
  interval: ShownInterval | undefined;
  difference: DifferenceView | undefined;
  reason: string;
  power: string | undefined;
}

export interface DifferenceView extends Shown {
  interval: ShownInterval | undefined;
  /** Of being worse by the accepted loss or more. */
  pValue: number | null;
  pairs: number;
}

/** A metric over all rows that were used. */
export interface MetricView {
  metric: string;
  mean: Shown;
  passRate: Shown;
  p95: Shown;
  defects: number;
  scored: number;
  rows: number;
  baselineMean: Shown;
  /** A row passes at it: `≥ 3`; undefined for what has no threshold for a row. */
  rowThreshold: string | undefined;
}

export interface RowView {
  id: string;
  dataset: string;
  trial: number;
  question: string | undefined;
  answer: string | undefined;
  context: string | undefined;
  /** The baseline's answer, where there is one. */
  baselineAnswer: string | undefined;
  error: string | undefined;
  refusal: string | undefined;
  scores: ScoreView[];
}

export interface ScoreView {
  metric: string;
  value: Shown;
  /** The same as the metric's `rowThreshold`. */
  threshold: string | undefined;
  /** Null: not scorable, which is never a pass. */
  passed: boolean | null;
  reason: string | undefined;
}
