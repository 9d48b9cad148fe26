import type { CallContext, ChatDelta } from "../ports/chat-model.ts";
import { checkAnswer } from "./check-answer.ts";
import type { LoadedFlow } from "./load-flow.ts";
import { prepareTurn, type AddedToTurn, type PreparedTurn } from "./prepare-turn.ts";
import { addUsage } from "./turn-calls.ts";
import type { TurnDependencies } from "./turn-dependencies.ts";

/** An answer as it is written, and what it was written from. */
export interface StreamedTurn extends AsyncIterable<ChatDelta> {
  /** Settles before the first piece, once the stream is being read. */
  readonly prepared: Promise<PreparedTurn>;
}

/**
 * As `answerTurn`, piece by piece. Nothing runs before the first piece is asked for; when the consumer stops, so does
 * the model. An answer that turns out to be none (empty, cut, filtered) ends with the `ModelError` in place of the
 * last piece, so that it is never taken for a complete one. The usage is that of the whole turn, steps included.
 */
export function streamTurn(
  flow: LoadedFlow,
  inputs: Record<string, unknown>,
  dependencies: TurnDependencies,
  call: CallContext,
  added?: AddedToTurn,
): StreamedTurn {
  const { promise: prepared, resolve, reject } = Promise.withResolvers<PreparedTurn>();
  // Whoever reads the stream sees the failure there; nobody need look at `prepared` as well.
  prepared.catch(() => undefined);

  async function* deltas(): AsyncGenerator<ChatDelta> {
    let turn: PreparedTurn;
    try {
      turn = await prepareTurn(flow, inputs, dependencies, call, added);
      resolve(turn);
    } catch (error) {
      reject(error);
      throw error;
    }
    let text = "";
    let finished = false;
    let calls: readonly unknown[] = [];
    for await (const delta of dependencies.chatModel.stream(turn.request, call)) {
      text += delta.text;
      calls = delta.toolCalls ?? calls;
      if (delta.finishReason !== undefined) {
        finished = true;
        checkAnswer(text, delta.finishReason, calls);
      }
      const usage = delta.usage && addUsage([...turn.calls.map((step) => step.usage), delta.usage]);
      yield { ...delta, usage };
    }
    if (!finished) checkAnswer(text, undefined, calls);
  }

  return { prepared, [Symbol.asyncIterator]: deltas };
}
