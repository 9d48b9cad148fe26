import { ModelError } from "../errors.ts";
import type { CallContext, ChatMessage, TokenUsage } from "../ports/chat-model.ts";
import type { LoadedFlow } from "./load-flow.ts";
import { prepareTurn, type TurnDependencies } from "./prepare-turn.ts";
import { costOf } from "./prices.ts";
import type { FoundDocument } from "./run-steps.ts";

export type { TurnDependencies } from "./prepare-turn.ts";

/** A question answered. */
export interface Turn {
  answer: string;
  /** What the answer could draw on, as text: all that the steps found. What a judge sees. */
  context: string;
  documents: FoundDocument[];
  messages: ChatMessage[];
  /** As the service named it. */
  model: string;
  finishReason: string;
  usage: TokenUsage | undefined;
  /** Steps, rendering and the model's call, as they would take with nobody else asking. */
  latencyMs: number;
  /** US dollars; undefined where the model's price or its usage is unknown. */
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
): Promise<Turn> {
  const prepared = await prepareTurn(flow, inputs, dependencies, call);
  const answer = await dependencies.chatModel.complete(prepared.request, call);
  checkAnswer(answer.text, answer.finishReason);
  return {
    answer: answer.text,
    context: prepared.context,
    documents: prepared.documents,
    messages: prepared.request.messages,
    model: answer.model,
    finishReason: answer.finishReason,
    usage: answer.usage,
    latencyMs: prepared.latencyMs + answer.latencyMs,
    cost: answer.usage === undefined ? undefined : costOf(answer.model, answer.usage),
  };
}

/** Throws `ModelError` where an answer that arrived is no answer. */
export function checkAnswer(text: string, finishReason: string | undefined): void {
  if (finishReason === "content_filter") {
    throw new ModelError("The service's content filter stopped the answer.", { kind: "content_filter" });
  }
  if (finishReason === "length") {
    throw new ModelError("The answer was cut at its token limit; raise max_tokens in the prompt.", {
      kind: "empty",
    });
  }
  if (text.trim() === "") throw new ModelError("The model gave an empty answer.", { kind: "empty" });
}
