import type { Evaluator } from "../../shared/evaluators/evaluator.ts";
import { questionOf } from "../../shared/model/question-of.ts";
import { LABELS_SHARD } from "../../shared/model/judged-answer.ts";
import { sha256 } from "../../shared/model/canonical.ts";
import type { RowResult, Score } from "../../shared/model/run.ts";
import type { ManagementApi } from "../management-api.ts";

/** An answer that a person is asked about. */
export interface RowToLabel {
  row: string;
  /** Of a row that asks several questions: which of them, from 1, and what was said before. */
  turn?: number;
  before?: { role: "user" | "assistant"; content: string }[];
  question: string | undefined;
  answer: string;
  context: string | undefined;
  /** What the judge said of it, by metric; nothing of a single turn, as a run keeps what it says of the row. */
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
        ({ row, trial, candidate }) => row.as === "quality" && trial === 0 && candidate.answer?.trim(),
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
    isLabelled: (row: string, answer: string, turn: number | undefined) => boolean;
  },
): RowToLabel[] {
  return rows
    .flatMap((result) => {
      const asked = askedOf(result);
      return asked && !isLabelled(asked.row, asked.answer, asked.turn) ? [{ result, asked }] : [];
    })
    .map(({ result, asked }) => ({
      asked,
      distance: hard ? distanceToThreshold(result, evaluators) : 0,
      order: sha256(`label\n${result.row.hash}`),
    }))
    .sort((a, b) => a.distance - b.distance || (a.order < b.order ? -1 : 1))
    .slice(0, count)
    .map(({ asked }) => asked);
}

/**
 * What a person is asked about a row: its answer, or that of one of its turns. One only, by a hash, so that a long
 * conversation says no more of the judge than a short one, as it counts no more in the run.
 */
function askedOf({ row, candidate }: RowResult): RowToLabel | undefined {
  const { turns, answer = "", context, scores } = candidate;
  if (turns === undefined) {
    return { row: row.id, question: questionOf(row.fields), answer, context, judge: scores };
  }
  const answered = turns.flatMap((turn, index) => (turn.answer?.trim() ? [index] : []));
  const chosen = answered[Number.parseInt(sha256(`turn\n${row.hash}`).slice(0, 8), 16) % answered.length];
  const turn = chosen === undefined ? undefined : turns[chosen];
  if (chosen === undefined || !turn) return undefined;
  const before = turns.slice(0, chosen).flatMap(({ question, answer: said = "" }) => [
    { role: "user" as const, content: question },
    { role: "assistant" as const, content: said },
  ]);
  const { question, answer: said = "", context: found } = turn;
  return { row: row.id, turn: chosen + 1, before, question, answer: said, context: found, judge: {} };
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
