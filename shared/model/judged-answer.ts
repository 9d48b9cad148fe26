import type { RowAnswer, Score } from "./run.ts";

/** The shard of a run that scores the labelled answers; it carries no rows of the suite. */
export const LABELS_SHARD = "labels";

/** One line of `runs/<id>/shards/labels.jsonl`: what people and the judge say of the same answer. */
export interface JudgedAnswer {
  row: string;
  /** The row's cluster: answers to rows that belong together are no independent evidence. */
  cluster: string;
  question: string | undefined;
  answer: string;
  /** By metric. */
  human: Record<string, number>;
  judge: Record<string, Score>;
  note: string | undefined;
  hard: boolean;
  error: RowAnswer["error"];
  calls: number;
  saved: number;
}
