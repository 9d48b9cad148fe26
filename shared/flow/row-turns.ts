import type { LoadedFlow } from "./load-flow.ts";
import { chatInputs } from "./chat-inputs.ts";
import { HISTORY_NAMES } from "./chat-history.ts";
import { rowTurnsSchema, type RowTurn } from "./row-turn-schema.ts";

/** What was said before, as chat clients send it. */
export interface SpokenMessage {
  role: "user" | "assistant";
  text: string;
}

/** The questions of a row that asks several, one after the other; undefined for a row that asks one. */
export function rowTurns(fields: Readonly<Record<string, unknown>>): RowTurn[] | undefined {
  const { turns } = fields;
  // Most rows have none, and what a parse that fails returns has getters: V8 keeps those until a full garbage collection.
  return turns === undefined ? undefined : rowTurnsSchema.safeParse(turns).data;
}

/** The inputs of one turn of a row: as in a chat whose client sends the row's other fields along. */
export function turnInputs(
  flow: LoadedFlow,
  fields: Readonly<Record<string, unknown>>,
  history: readonly SpokenMessage[],
  question: string,
): Record<string, unknown> {
  const others = Object.entries(fields).filter(([name]) => name !== "turns" && !HISTORY_NAMES.includes(name));
  const messages = [...history, { role: "user", text: question }];
  return { ...Object.fromEntries(others), ...chatInputs(flow, messages, {}) };
}

/** Stands for an answer where there is none yet. */
const ANSWERED = "An answer.";

/** The fields of a row that asked its question, in the turn after it: what was said is the history. */
export function withTurnAfter(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const said = [
    { role: "user", content: fields["question"] },
    { role: "assistant", content: ANSWERED },
  ];
  return { ...fields, ...Object.fromEntries(HISTORY_NAMES.map((name) => [name, said])) };
}

/**
 * The fields of one turn of a row, counted from 1, as a row that asks its question after what was said before: what a
 * judge of that turn is shown. Undefined where the row has no such turn.
 */
export function turnFields(
  fields: Readonly<Record<string, unknown>>,
  turn: number,
  before: readonly { role: string; content: string }[],
): Record<string, unknown> | undefined {
  const asked = rowTurns(fields)?.[turn - 1];
  if (!asked) return undefined;
  const { turns: _turns, ground_truth: _whole, ...others } = fields;
  const histories = HISTORY_NAMES.map((name) => [name, before]);
  return { ...others, ...Object.fromEntries(histories), ...asked };
}

/** A row's fields as a check sees them: one that asks several questions gives each under the name the flow takes. */
export function withFirstTurn(fields: Record<string, unknown>): Record<string, unknown> {
  const turns = rowTurns(fields);
  const question = turns?.[0]?.question;
  if (turns === undefined || question === undefined) return fields;
  const { turns: _turns, ...others } = fields;
  const expected = turns.find(({ ground_truth }) => ground_truth !== undefined)?.ground_truth;
  return {
    question,
    query: question,
    input: question,
    chat_history: [],
    history: [],
    ...(expected === undefined ? {} : { ground_truth: expected }),
    ...others,
  };
}
