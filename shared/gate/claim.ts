import type { GateRequirement } from "../model/flow.ts";
import type { MetricSummary, RequirementResult, RowAnswer } from "../model/run.ts";

/** One row as a verdict sees it: what the candidate made of it, and the baseline where there is one. */
export interface FoldedRow {
  candidate: RowAnswer;
  baseline: RowAnswer | undefined;
}

/** What is fixed before the first row of a run is answered. */
export interface FoldDesign {
  /** Clusters (conversations, documents, or single rows) and rows that the run has in all. */
  clusters: number;
  rows: number;
  /** Rows of the largest cluster. */
  largestCluster: number;
  /** Whether there is a version to compare with. */
  baseline: boolean;
  /** Its summaries over every row of this suite, where an earlier run has them. */
  known?: readonly MetricSummary[] | undefined;
  /** Whether the verdict speaks of these rows or of all that such rows are drawn from. */
  scope: "dataset" | "population";
  /** Whether safety datasets are run beside these rows, in full. Else safety metrics need all of these rows. */
  safetyApart?: boolean | undefined;
  /** Whether more is asked than the requirements say, on all rows: then they may fail early, and not pass. */
  moreAsked?: boolean | undefined;
  /** The accepted probability of a wrong pass, and of a wrong fail; 0.05. */
  alpha?: number | undefined;
}

/** Shown where the mean of `value` over all rows is above `mean`. */
export interface ClaimSide {
  mean: number;
  /** In [0, 1]; NaN where the row's value lies outside of what was fixed, which leaves the claim open for good. */
  value(row: FoldedRow): number;
  /** Whether a sample can show it; else only all rows can. */
  bets: boolean;
}

/** What a requirement says of the mean of something that is bounded. */
export interface Claim
  extends Pick<GateRequirement, "metric" | "statistic">, Pick<RequirementResult, "kind"> {
  /** That it holds, with missing values at their worst. Undefined: known only when all rows are in. */
  pass: ClaimSide | undefined;
  /** That it does not, with missing values at their best. */
  fail: ClaimSide | undefined;
  /** No part of the finding: there is no baseline, so that all it asks is a value on every row, or its judge is withheld. */
  onlyMeasured: boolean;
  /** Why this row alone fails the requirement, in a sentence. */
  breach(row: FoldedRow): string | undefined;
}
