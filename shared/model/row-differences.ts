import type { DifferenceView, ScoreView, Shown } from "./report-view.ts";
import type { Statistic } from "./flow.ts";

/** How two versions differ on the rows that both have answered. */
export interface RowDifferences {
  pairs: number;
  metrics: MetricDifference[];
  /** Rows with a score that passed before and does not now, and the other way round. A row may be both. */
  broken: number;
  mended: number;
  /** The first of them; the counts say how many there are. */
  flips: RowFlip[];
}

/** The same on a suite that both were evaluated on. */
export interface EvaluatedDifference extends RowDifferences {
  suite: string;
  /** The runs that the answers come from. */
  runs: string[];
  /** Whether every row was looked at. */
  isWhole: boolean;
}

export interface MetricDifference {
  metric: string;
  statistic: Statistic;
  before: Shown;
  after: Shown;
  /** After minus before, with its cluster-robust 95 % interval. */
  difference: Omit<DifferenceView, "pValue">;
  /** Pairs whose values differ. */
  changed: number;
}

export interface RowFlip {
  id: string;
  dataset: string;
  trial: number;
  question: string | undefined;
  before: string;
  after: string;
  scores: {
    metric: string;
    before: ScoreView | undefined;
    after: ScoreView | undefined;
    now: "passes" | "fails";
  }[];
}
