import type { LoadedFlow } from "../../shared/flow/load-flow.ts";
import { RenderError } from "../../shared/flow/render-error.ts";
import { streamTurn } from "../../shared/flow/stream-turn.ts";
import { addCosts, addUsage } from "../../shared/flow/turn-calls.ts";
import type { TurnDependencies } from "../../shared/flow/turn-dependencies.ts";
import type { TriedTurnEvent } from "../../shared/model/tried-turn.ts";
import type { CallContext, SpentCall } from "../../shared/ports/chat-model.ts";
import type { LoadVersion } from "../../shared/registry/version-loader.ts";
import { readAiChatRequest } from "./ai-chat-request.ts";
import type { ChatBudget } from "./chat-budget.ts";
import { chatErrorOf } from "./chat-error.ts";
import { boundTurn, TURN_LIMITS } from "./turn-bounds.ts";
import { turnInputs } from "./turn-inputs.ts";

export interface TryDependencies extends TurnDependencies {
  loadVersion: LoadVersion;
  budget?: ChatBudget | undefined;
}

export interface AskedTry {
  flow: string;
  version: string;
  /** A request of the AI Chat Protocol: `messages`, and the flow's other inputs in `context`. */
  body: unknown;
  /** Calls back where the client leaves. */
  onLeave(leave: () => void): void;
}

/**
 * One turn of any version, with all that a person who changes it wants to see: what the model was sent, what the steps
 * found, tokens and cost. It is nobody's traffic: no session, no evidence, nothing kept; but it is paid from the flow's
 * daily chat budget. Throws `ChatError` or `NotFoundError` before the first event; what fails later is the last event.
 */
export async function tryVersion(
  { flow, version, body, onLeave }: AskedTry,
  dependencies: TryDependencies,
): Promise<AsyncIterable<TriedTurnEvent>> {
  const request = readAiChatRequest(body, { flow, streamed: true });
  const loaded = await dependencies.loadVersion(flow, version);
  dependencies.budget?.admit(flow);
  const inputs = turnInputs({ flow, version, loaded }, request);
  const bounds = boundTurn(TURN_LIMITS);
  onLeave(bounds.leave);
  return answer(loaded, inputs, dependencies, { flow, version, purpose: "try" }, bounds);
}

async function* answer(
  loaded: LoadedFlow,
  inputs: Record<string, unknown>,
  dependencies: TryDependencies,
  about: CallContext,
  bounds: ReturnType<typeof boundTurn>,
): AsyncGenerator<TriedTurnEvent> {
  const { clock, budget, prices } = dependencies;
  const startedAt = clock.elapsed();
  const spent: SpentCall[] = [];
  const call: CallContext = {
    ...about,
    signal: bounds.signal,
    onUsage(paid) {
      spent.push(paid);
      budget?.record(about.flow, paid);
    },
  };
  const turn = streamTurn(loaded, inputs, dependencies, call);
  const deltas = turn[Symbol.asyncIterator]();
  let firstTokenMs: number | undefined;
  let finishReason = "stop";
  let model: string | undefined;
  try {
    let next = await bounds.within(deltas.next());
    const { request, documents } = await turn.prepared;
    yield {
      type: "prepared",
      messages: request.messages,
      documents: documents.map(({ id, title = id, step, text }) => ({ id, title, step, text })),
    };
    for (; next.done !== true; next = await bounds.within(deltas.next())) {
      const { text, finishReason: reason } = next.value;
      finishReason = reason ?? finishReason;
      model = next.value.model;
      if (text === "") continue;
      firstTokenMs ??= clock.elapsed() - startedAt;
      yield { type: "delta", text };
      bounds.progress(text.length);
    }
    yield {
      type: "end",
      finishReason,
      model,
      usage: addUsage(spent.map(({ usage }) => usage)),
      cost: addCosts(spent, prices),
      durationMs: clock.elapsed() - startedAt,
      firstTokenMs,
      blocked: turn.guarded?.blocked,
    };
  } catch (error) {
    const { code, message } = bounds.failure() ?? chatErrorOf(error);
    // Who tries a version wrote its template: they may see why it does not render.
    yield { type: "error", code, message: error instanceof RenderError ? error.message : message };
  } finally {
    bounds.end();
    bounds.leave();
    await deltas.return?.(undefined).catch(() => undefined);
  }
}
