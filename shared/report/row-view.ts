import { questionOf } from "../model/question-of.ts";
import { formatMetric } from "../model/format-metric.ts";
import type { RowView, ScoreView } from "../model/report-view.ts";
import type { RowResult, Score } from "../model/run.ts";
import { cutText } from "./plain-characters.ts";

/** What a row has to reach to pass, as text such as `≥ 3`, by metric. */
export type RowThresholds = ReadonlyMap<string, string>;

const ANSWER = 6_000;
const CONTEXT = 6_000;
const REASON = 2_000;
const NAME = 200;

/** A row as people read it. Failed scores come first; texts are cut, since an answer may be megabytes. */
export function rowView({ row, trial, candidate, baseline }: RowResult, thresholds: RowThresholds): RowView {
  const { answer, context, error, refusal } = candidate;
  const scores = Object.entries(candidate.scores).map(([metric, score]) =>
    scoreView(metric, score, thresholds),
  );
  const question = questionOf(row.fields);
  return {
    id: cutText(row.id, NAME),
    dataset: cutText(row.dataset, NAME),
    trial,
    question: question === undefined ? undefined : cutText(question, ANSWER),
    answer: answer === undefined ? undefined : cutText(answer, ANSWER),
    context: context === undefined || context === "" ? undefined : cutText(context, CONTEXT),
    baselineAnswer: baseline?.answer === undefined ? undefined : cutText(baseline.answer, ANSWER),
    error: error && cutText(`${error.kind}: ${error.message}`, REASON),
    refusal: refusal === undefined ? undefined : cutText(refusal, REASON),
    scores: [
      ...scores.filter(({ passed }) => passed !== true),
      ...scores.filter(({ passed }) => passed === true),
    ],
  };
}

export function scoreView(
  metric: string,
  { value, passed, reason }: Score,
  thresholds: RowThresholds,
): ScoreView {
  const found = value !== null && Number.isFinite(value) ? value : null;
  return {
    metric: cutText(metric, NAME),
    value: { value: found, text: found === null ? "not scorable" : formatMetric(metric, "mean", found) },
    threshold: thresholds.get(metric),
    passed: found === null ? null : (passed ?? null),
    reason: reason === undefined ? undefined : cutText(reason, REASON),
  };
}
