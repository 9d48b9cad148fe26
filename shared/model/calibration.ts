import type { Interval } from "../statistics/interval.ts";

/** How far a judge can be believed, by the labels of people. */
export interface JudgeCalibration {
  metric: string;
  /** Labelled answers that the judge could score, and those that it could not. */
  labels: number;
  missing: number;
  /** Cohen's kappa on pass or fail; undefined where there is none: nothing labelled, or all on one side. */
  agreement: { value: number; interval: Interval } | undefined;
  /** Weighted by the squared distance on the scale. */
  weighted: number | undefined;
  /** How much higher the judge scores than people, on answers that were not chosen for being hard. */
  bias: { value: number; interval: Interval | undefined } | undefined;
  /** The candidate's mean as people would give it, by prediction-powered inference. */
  corrected: { value: number; interval: Interval | undefined } | undefined;
  /** Where people and judge disagree on pass or fail: how often, and the farthest apart. */
  disagreed: number;
  disagreements: Disagreement[];
}

export interface Disagreement {
  row: string;
  question: string | undefined;
  answer: string;
  human: number;
  judge: number;
  /** The judge's. */
  reason: string | undefined;
  /** The person's. */
  note: string | undefined;
}
