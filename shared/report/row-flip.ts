import { questionOf } from "../model/question-of.ts";
import type { RowFlip } from "../model/row-differences.ts";
import type { RowAnswer, RowResult } from "../model/run.ts";
import { cutText } from "./plain-characters.ts";
import { scoreView } from "./row-view.ts";

/** One row, answered by two versions. */
export interface RowPair extends Pick<RowResult, "row" | "trial"> {
  before: RowAnswer;
  after: RowAnswer;
}

const TEXT = 2_000;
const NAME = 200;
const NONE: ReadonlyMap<string, string> = new Map();

/** What of a row passed before and does not now, or the other way round; undefined for nothing. Null never passes. */
export function rowFlip({ row, trial, before, after }: RowPair): RowFlip | undefined {
  const metrics = [...new Set([...Object.keys(before.scores), ...Object.keys(after.scores)])];
  const scores = metrics.flatMap((metric): RowFlip["scores"] => {
    const [old, now] = [before.scores[metric], after.scores[metric]];
    if ((old?.passed === true) === (now?.passed === true)) return [];
    return [
      {
        metric: cutText(metric, NAME),
        before: old && scoreView(metric, old, NONE),
        after: now && scoreView(metric, now, NONE),
        now: now?.passed === true ? "passes" : "fails",
      },
    ];
  });
  if (scores.length === 0) return undefined;
  const question = questionOf(row.fields);
  return {
    id: cutText(row.id, NAME),
    dataset: cutText(row.dataset, NAME),
    trial,
    question: question === undefined ? undefined : cutText(question, TEXT),
    before: said(before),
    after: said(after),
    scores,
  };
}

function said({ answer, refusal, error }: RowAnswer): string {
  if (answer !== undefined) return cutText(answer, TEXT);
  if (refusal !== undefined) return `refused: ${cutText(refusal, TEXT)}`;
  return error ? `no answer: ${cutText(error.message, TEXT)}` : "no answer";
}
