import type { EvaluatorInput } from "../evaluators/evaluator.ts";
import { historyMessages, HISTORY_NAMES } from "../flow/chat-history.ts";
import type { LoadedFlow } from "../flow/load-flow.ts";
import { questionOf } from "../model/question-of.ts";
import { contentHash } from "../model/canonical.ts";
import type { AnsweredTurn } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

/** An answer as evaluators see it. */
export interface ScoredTurn {
  input: Omit<EvaluatorInput, "options">;
  /** Why the service would not answer. */
  refusal: string | undefined;
  /** The hash of what a score depends on beside the row. */
  digest: string;
}

/** What there is to score of a row: its answer, or the answer of each of its turns. */
export function scoredTurns(row: DatasetRow, recorded: RecordedAnswer, flow: LoadedFlow): ScoredTurn[] {
  const said = givenHistory(row.fields);
  if (recorded.turns === undefined) {
    const question = questionOf(row.fields) ?? "";
    return [turnOf(row, { ...recorded, question, groundTruth: groundTruthOf(row.fields) }, said, flow)];
  }
  return recorded.turns.map((turn) => {
    const scored = turnOf(row, turn, said.slice(), flow);
    said.push(`user: ${turn.question}`, `assistant: ${turn.answer ?? ""}`);
    return scored;
  });
}

/** What a baseline made of a row, for comparison. */
export function answerOf(recorded: RecordedAnswer | undefined): { answer: string | undefined } {
  return { answer: recorded && recorded.refusal === undefined ? transcriptOf(recorded) : undefined };
}

/** A whole conversation as one answer. */
function transcriptOf({ turns, answer }: Pick<RecordedAnswer, "turns" | "answer">): string {
  if (turns === undefined) return answer ?? "";
  return turns.map((turn) => `user: ${turn.question}\nassistant: ${turn.answer ?? ""}`).join("\n");
}

/** A whole conversation beside the baseline's. */
export function comparedTurn(
  row: DatasetRow,
  recorded: RecordedAnswer,
  flow: LoadedFlow,
  baseline: EvaluatorInput["baseline"],
): ScoredTurn {
  const question = recorded.turns?.[0]?.question ?? questionOf(row.fields) ?? "";
  const groundTruth = recorded.turns === undefined ? groundTruthOf(row.fields) : undefined;
  const whole = { ...recorded, answer: transcriptOf(recorded), question, groundTruth };
  const turn = turnOf(row, whole, givenHistory(row.fields), flow);
  return {
    ...turn,
    input: { ...turn.input, baseline },
    digest: contentHash([turn.digest, baseline ?? null]),
  };
}

function turnOf(
  row: DatasetRow,
  turn: AnsweredTurn,
  said: readonly string[],
  { prompt }: LoadedFlow,
): ScoredTurn {
  const { question, groundTruth, answer = "", context = "", documents = [], toolCalls = [], refusal } = turn;
  const history = said.join("\n");
  const offered = row.fields["tool_definitions"] ?? prompt.parameters["tools"];
  return {
    input: {
      question,
      answer,
      context,
      groundTruth,
      documents,
      history,
      instructions: prompt.template,
      toolDefinitions: Array.isArray(offered) ? (offered as unknown[]) : [],
      toolCalls,
      fields: row.fields,
    },
    refusal,
    digest: contentHash([question, history, answer, context, ...(toolCalls.length > 0 ? [toolCalls] : [])]),
  };
}

/** The history that a row brings along, a line for each message. */
function givenHistory(fields: Readonly<Record<string, unknown>>): string[] {
  const messages = HISTORY_NAMES.map((name) => historyMessages(fields[name])).find((found) => found);
  return (messages ?? []).map(({ role, content }) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    return `${role}: ${text}`;
  });
}

function groundTruthOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const value = fields["ground_truth"] ?? fields["groundTruth"];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
