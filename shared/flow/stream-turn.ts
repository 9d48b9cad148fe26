import { guardTurn, type TurnGuard } from "../guardrails/guard-turn.ts";
import { blockedDelta, releaseChecked } from "../guardrails/release-checked.ts";
import type { GuardrailFindings } from "../model/guardrails.ts";
import type { CallContext, ChatDelta } from "../ports/chat-model.ts";
import { checkAnswer } from "./check-answer.ts";
import { imageInputs } from "./image-inputs.ts";
import type { LoadedFlow } from "./load-flow.ts";
import {
  NOT_PREPARED,
  prepareTurn,
  untrustedTexts,
  type AddedToTurn,
  type PreparedTurn,
} from "./prepare-turn.ts";
import { addUsage } from "./turn-calls.ts";
import type { TurnDependencies } from "./turn-dependencies.ts";

/** An answer as it is written, and what it was written from. */
export interface StreamedTurn extends AsyncIterable<ChatDelta> {
  /** Settles before the first piece, once the stream is being read. */
  readonly prepared: Promise<PreparedTurn>;
  /** What the flow's guardrails found so far; undefined where it has none. */
  readonly guarded: GuardrailFindings | undefined;
}

/**
 * As `answerTurn`, piece by piece. Nothing runs before the first piece is asked for; when the consumer stops, so does
 * the model. An answer that turns out to be none (empty, cut, filtered) ends with the `ModelError` in place of the
 * last piece, so that it is never taken for a complete one. The usage is that of the whole turn, steps included. Where
 * guardrails look at the output, no piece is given before they did.
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

  const { guardrails } = flow.definition;
  const guard =
    guardrails &&
    guardTurn(guardrails, inputs, dependencies, call, {
      images: imageInputs(flow),
      added: added?.messages,
    });

  const asked: AskedTurn = { flow, inputs, dependencies, call, added, guard, resolve, reject };
  // A stream that nothing checks passes nobody else's hands: every piece would pay for it.
  const isChecked = guard?.output.any === true;
  const deltas = isChecked
    ? () => releaseChecked(written(asked), guard, dependencies.clock)
    : () => written(asked);
  return { prepared, guarded: guard?.findings, [Symbol.asyncIterator]: deltas };
}

/** What a streamed answer is written from, and who is told once it is known. */
interface AskedTurn {
  flow: LoadedFlow;
  inputs: Record<string, unknown>;
  dependencies: TurnDependencies;
  call: CallContext;
  added: AddedToTurn | undefined;
  guard: TurnGuard | undefined;
  resolve(turn: PreparedTurn): void;
  reject(error: unknown): void;
}

/** Undefined where the turn is blocked before the model is asked. */
async function prepare(asked: AskedTurn): Promise<PreparedTurn | undefined> {
  const { flow, inputs, dependencies, call, added, guard } = asked;
  if (await guard?.checkInput()) return undefined;
  const turn = await prepareTurn(flow, guard?.inputs ?? inputs, dependencies, call, added);
  return (await guard?.checkDocuments(untrustedTexts(turn, added))) ? undefined : turn;
}

/** Not made anew for every turn: `docs/decisions/2026-11-27-what-holds-a-request-that-is-over.md`. */
async function* written(asked: AskedTurn): AsyncGenerator<ChatDelta> {
  const { flow, dependencies, call, guard } = asked;
  let text = "";
  try {
    const turn = await prepare(asked);
    asked.resolve(turn ?? NOT_PREPARED);
    if (turn === undefined) {
      if (guard) yield blockedDelta(guard, false, flow.prompt.model ?? "");
      return;
    }
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
  } catch (error) {
    if (guard?.isRefusal(error) !== true) {
      asked.reject(error);
      throw error;
    }
    asked.resolve(NOT_PREPARED);
    yield blockedDelta(guard, text !== "", flow.prompt.model ?? "");
  }
}
