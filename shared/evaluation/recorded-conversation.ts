import { rowTurns, turnInputs, type SpokenMessage } from "../flow/row-turns.ts";
import type { AnsweredTurn } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import type { CallContext } from "../ports/chat-model.ts";
import { recordedAnswer, type RecordedAnswer } from "./recorded-answer.ts";
import type { RowDependencies, VersionUnderTest } from "./version-under-test.ts";

/**
 * What a version makes of a row, recorded or asked for now. A row with turns is a conversation: each is answered with
 * what was said before, until the service refuses one. Tokens and cost are those of all turns together, the latency is
 * the slowest turn's. Throws as `recordedAnswer` does: half a conversation is no answer.
 */
export async function recordedConversation(
  row: DatasetRow,
  trial: number,
  test: VersionUnderTest,
  dependencies: RowDependencies,
  call: CallContext,
  counts: { calls: number; saved: number },
): Promise<RecordedAnswer> {
  const turns = rowTurns(row.fields);
  if (turns === undefined) return recordedAnswer({ row, trial }, test, dependencies, call, counts);
  const history: SpokenMessage[] = [];
  const answered: (AnsweredTurn & RecordedAnswer)[] = [];
  for (const { question, ground_truth: groundTruth } of turns) {
    const inputs = turnInputs(test.flow, row.fields, history, question);
    const recorded = await recordedAnswer({ row, trial, inputs }, test, dependencies, call, counts);
    answered.push({ ...recorded, question, groundTruth });
    if (recorded.refusal !== undefined) break;
    history.push({ role: "user", text: question }, { role: "assistant", text: recorded.answer ?? "" });
  }
  return joined(answered);
}

function joined(answered: readonly (AnsweredTurn & RecordedAnswer)[]): RecordedAnswer {
  const last = answered.at(-1);
  const sum = (read: (turn: RecordedAnswer) => number | undefined): number | undefined =>
    answered.reduce<number | undefined>((total, turn) => {
      const value = read(turn);
      return total === undefined || value === undefined ? undefined : total + value;
    }, 0);
  const latencies = answered.flatMap(({ latencyMs }) => latencyMs ?? []);
  return {
    answer: last?.answer,
    toolCalls: last?.toolCalls,
    turns: answered.map(({ question, groundTruth, answer, refusal, toolCalls, context, documents }) => ({
      question,
      groundTruth,
      answer,
      refusal,
      toolCalls,
      context,
      documents,
    })),
    refusal: last?.refusal,
    context: last?.context,
    documents: last?.documents,
    latencyMs: latencies.length === 0 ? undefined : Math.max(...latencies),
    inputTokens: sum((turn) => turn.inputTokens),
    outputTokens: sum((turn) => turn.outputTokens),
    cost: sum((turn) => turn.cost),
    model: last?.model,
  };
}
