import { guardTurn } from "../guardrails/guard-turn.ts";
import { textWithCalls } from "../guardrails/release-checked.ts";
import type { GuardrailFindings } from "../model/guardrails.ts";
import type { CallContext, ChatAnswer, ChatMessage, TokenUsage } from "../ports/chat-model.ts";
import { imageInputs } from "./image-inputs.ts";
import type { LoadedFlow } from "./load-flow.ts";
import { checkAnswer } from "./check-answer.ts";
import { NOT_PREPARED, prepareTurn, untrustedTexts, type AddedToTurn } from "./prepare-turn.ts";
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
  /** What the flow's guardrails found; undefined where it has none. A turn that is blocked has their answer. */
  guarded?: GuardrailFindings | undefined;
}

/**
 * Answers one turn. The same code answers in evaluation and in production. Throws `ModelError` also for what the
 * service delivers as a success and is none: an empty answer, one cut by length or by the content filter. What the
 * flow's guardrails block is answered with what they say instead, and was not sent to the model where the input is why.
 */
export async function answerTurn(
  flow: LoadedFlow,
  inputs: Record<string, unknown>,
  dependencies: TurnDependencies,
  call: CallContext,
  added?: AddedToTurn,
): Promise<Turn> {
  const { guardrails } = flow.definition;
  const guard =
    guardrails &&
    guardTurn(guardrails, inputs, dependencies, call, {
      images: imageInputs(flow),
      added: added?.messages,
    });
  let prepared = NOT_PREPARED;
  let answer: ChatAnswer | undefined;
  const turn = (said: Pick<Turn, "answer" | "toolCalls" | "finishReason" | "documents">): Turn => ({
    ...said,
    context: prepared.context,
    messages: prepared.request.messages,
    model: answer?.model ?? flow.prompt.model ?? "",
    usage: addUsage([...prepared.calls.map(({ usage }) => usage), ...(answer ? [answer.usage] : [])]),
    calls: prepared.calls,
    latencyMs: prepared.latencyMs + (answer?.latencyMs ?? 0) + (guard?.tookMs() ?? 0),
    cost: addCosts([...prepared.calls, ...(answer ? [answer] : [])], dependencies.prices),
    ...(guard && { guarded: guard.findings }),
  });
  const refusal = {
    answer: guard?.answer ?? "",
    toolCalls: undefined,
    finishReason: "content_filter",
    documents: [],
  };

  try {
    if (await guard?.checkInput()) return turn(refusal);
    prepared = await prepareTurn(flow, guard?.inputs ?? inputs, dependencies, call, added);
    if (await guard?.checkDocuments(untrustedTexts(prepared, added))) return turn(refusal);
    answer = await dependencies.chatModel.complete(prepared.request, call);
    checkAnswer(answer.text, answer.finishReason, answer.toolCalls);
    if (guard) {
      const written = textWithCalls(answer.text, answer.toolCalls ?? []);
      if ((await guard.checkAnswer(written)) ?? (await guard.checkHarm(written))) return turn(refusal);
    }
  } catch (error) {
    if (guard?.isRefusal(error) !== true) throw error;
    return turn(refusal);
  }
  const { text, toolCalls, finishReason } = answer;
  return turn({ answer: text, toolCalls, finishReason, documents: prepared.documents });
}
