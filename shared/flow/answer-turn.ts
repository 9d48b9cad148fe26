import type { CallContext, ChatMessage, TokenUsage } from "../ports/chat-model.ts";
import type { LoadedFlow } from "./load-flow.ts";
import { checkAnswer } from "./check-answer.ts";
import { prepareTurn, type AddedToTurn } from "./prepare-turn.ts";
import type { FoundDocument } from "./run-steps.ts";
import { addCosts, addUsage, type TurnCall } from "./turn-calls.ts";
import type { TurnDependencies } from "./turn-dependencies.ts";

export type { TurnDependencies } from "./turn-dependencies.ts";

/** A question answered. */
export interface Turn {
  answer: string;
  /** Absent where the answer calls no tool. */
  toolCalls: readonly unknown[] | undefined;
  /** What the answer could draw on, as text: all that the steps found. What a judge sees. */
  context: string;
  documents: FoundDocument[];
  messages: ChatMessage[];
  /** As the service named it. */
  model: string;
  finishReason: string;
  /** Of the answer and of the prompts that its steps ran; undefined where the service did not say. */
  usage: TokenUsage | undefined;
  /** What the steps asked the chat model; their tokens and cost are part of the turn's. */
  calls: TurnCall[];
  /** Steps, rendering and the model's call, as they would take with nobody else asking. */
  latencyMs: number;
  /** US dollars, steps included; undefined where a model's price or its usage is unknown. */
  cost: number | undefined;
}

/**
 * Answers one turn. The same code answers in evaluation and in production. Throws `ModelError` also for what the
 * service delivers as a success and is none: an empty answer, one cut by length or by the content filter.
 */
export async function answerTurn(
  flow: LoadedFlow,
  inputs: Record<string, unknown>,
  dependencies: TurnDependencies,
  call: CallContext,
  added?: AddedToTurn,
): Promise<Turn> {
  const prepared = await prepareTurn(flow, inputs, dependencies, call, added);
  const answer = await dependencies.chatModel.complete(prepared.request, call);
  checkAnswer(answer.text, answer.finishReason, answer.toolCalls);
  return {
    answer: answer.text,
    toolCalls: answer.toolCalls,
    context: prepared.context,
    documents: prepared.documents,
    messages: prepared.request.messages,
    model: answer.model,
    finishReason: answer.finishReason,
    usage: addUsage([...prepared.calls.map(({ usage }) => usage), answer.usage]),
    calls: prepared.calls,
    latencyMs: prepared.latencyMs + answer.latencyMs,
    cost: addCosts([...prepared.calls, answer], dependencies.prices),
  };
}
