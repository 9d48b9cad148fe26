import type { Evaluator } from "../../shared/evaluators/evaluator.ts";
import { questionOf } from "../../shared/flow/question-of.ts";
import { LABELS_SHARD } from "../../shared/model/judged-answer.ts";
import { sha256 } from "../../shared/model/canonical.ts";
import type { RowResult, Score } from "../../shared/model/run.ts";
import type { ManagementApi } from "../management-api.ts";

/** An answer that a person is asked about. */
export interface RowToLabel {
  row: string;
  question: string | undefined;
  answer: string;
  context: string | undefined;
  /** What the judge said of it, by metric. */
  judge: Record<string, Score>;
}

/** Rows looked at of a large run: they are in random order, so that the first are as good as any. */
const MOST_READ = 2_000;

/** The answers that a run's version gave to quality rows, each once. */
export async function answeredRows(api: ManagementApi, flow: string, run: string): Promise<RowResult[]> {
  const { plan } = await api.run(flow, run);
  const first = plan.shards.find((shard) => shard !== LABELS_SHARD);
  const rows: RowResult[] = [];
  let from = first === undefined ? undefined : { shard: first, offset: 0 };
  while (from && rows.length < MOST_READ) {
    const page = await api.rows(flow, run, { ...from, context: true });
    rows.push(
      ...page.rows.filter(
        ({ row, trial, candidate }) =>
          row.as === "quality" && trial === 0 && candidate.answer?.trim() && candidate.turns === undefined,
      ),
    );
    from = page.next;
  }
  return rows;
}

/**
 * At most `count` rows, in the order of a hash of their content, so that nobody chooses them and each next call goes on
 * where the last one ended. `hard`: first those whose score is nearest to where the judge changes its mind.
 * `isLabelled`: what need not be asked again.
 */
export function rowsToLabel(
  rows: readonly RowResult[],
  {
    count,
    hard,
    evaluators,
    isLabelled,
  }: {
    count: number;
    hard: boolean;
    evaluators: readonly Evaluator[];
    isLabelled: (row: string, answer: string) => boolean;
  },
): RowToLabel[] {
  return rows
    .filter(({ row, candidate }) => !isLabelled(row.id, candidate.answer ?? ""))
    .map((result) => ({
      result,
      distance: hard ? distanceToThreshold(result, evaluators) : 0,
      order: sha256(`label\n${result.row.hash}`),
    }))
    .sort((a, b) => a.distance - b.distance || (a.order < b.order ? -1 : 1))
    .slice(0, count)
    .map(({ result: { row, candidate } }) => ({
      row: row.id,
      question: questionOf(row.fields),
      answer: candidate.answer ?? "",
      context: candidate.context,
      judge: candidate.scores,
    }));
}

/** As a share of the scale, of the metric that is nearest. What could not be scored is no hard case but a broken one. */
function distanceToThreshold({ candidate }: RowResult, evaluators: readonly Evaluator[]): number {
  const distances = evaluators.flatMap(({ name, threshold, scale }) => {
    const value = candidate.scores[name]?.value;
    return value === null || value === undefined
      ? []
      : [Math.abs(value - threshold) / (scale.max - scale.min)];
  });
  return Math.min(1, ...distances);
}
