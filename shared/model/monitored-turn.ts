import type { Score } from "./run.ts";
import type { AnsweredBy } from "./traffic.ts";

/** What is known of every turn that is kept. No text in it has personal data. */
interface KeptTurn extends AnsweredBy {
  /** The turn's own part of its name. */
  turn: string;
  /** When it was asked; ISO 8601. */
  at: string;
  /** The session's hash. */
  session: string;
}

/** A line of `traffic/<flow>/turns/<day>/<minute>-<instance>.jsonl`: a turn that was sampled. */
export interface SampledTurn extends KeptTurn {
  /** What the flow was asked with: the question, the history, and what the client gave beside them. */
  inputs: Record<string, unknown>;
  answer: string;
  toolCalls?: readonly unknown[] | undefined;
  context: string;
  /** Ids of the documents that the flow's retrievals found. */
  documents: string[];
}

/** `traffic/<flow>/feedback/<day>/<turn>.json`: what the user said of a turn, the last word where there were several. */
export interface Feedback extends KeptTurn {
  rating: "up" | "down";
  comment?: string | undefined;
  saidAt: string;
  /** The turn as the client sent it, which counts where the turn was not sampled. */
  sent?: { inputs: Record<string, unknown>; answer: string | undefined } | undefined;
}

/** `traffic/<flow>/scores/<day>/<batch>.json`: what the turns of one message were found to be worth. */
export interface OnlineScores {
  flow: string;
  suite: string;
  /** The metric that a guardrail asks for; undefined: none does. */
  guardrail?: string | undefined;
  at: string;
  turns: { turn: string; version: string; scores: Record<string, Score> }[];
  /** Turns that were not scored, because the day's budget was spent. */
  unpaid: string[];
}

/** Why a turn is proposed as a row. */
export type ProposalReason =
  | { kind: "thumbs_down"; comment: string | undefined }
  | { kind: "online_score"; metric: string; value: number; reason: string | undefined }
  /** Somebody who tried a version. */
  | { kind: "person"; by: string; note: string | undefined };

/** What a proposed row shows of its turn. Once a person has decided, none of it is kept. */
export interface ProposedRow {
  /** The row's fields as a dataset would have them, without `id`. */
  fields: Record<string, unknown>;
  answer: string | undefined;
  context: string | undefined;
}

/** `traffic/<flow>/proposals/<day>/<turn>.json`: a turn that may be worth a row of the dataset. */
export interface RowProposal {
  flow: string;
  turn: string;
  version: string;
  /** When the turn was asked. */
  at: string;
  why: ProposalReason[];
  row: ProposedRow | undefined;
  decision?: ProposalDecision | undefined;
}

export interface ProposalDecision {
  kind: "accepted" | "dropped";
  by: string;
  /** ISO 8601. */
  at: string;
}

/** The proposals that nobody has decided on yet, oldest first; `more` where these are not all. */
export interface ProposalList {
  flow: string;
  proposals: RowProposal[];
  more: boolean;
}
