import type { CallContext, ChatModel, ChatRequest, EmbeddingModel } from "../ports/chat-model.ts";
import type { Clock } from "../ports/clock.ts";
import type { LoadedFlow } from "./load-flow.ts";
import { renderMessages } from "./render-messages.ts";
import { runSteps, type FoundDocument } from "./run-steps.ts";

/** What answering asks of the world. */
export interface TurnDependencies {
  chatModel: ChatModel;
  embeddingModel: EmbeddingModel;
  clock: Clock;
}

/** A turn up to the model's call. */
export interface PreparedTurn {
  request: ChatRequest;
  /** What the answer could draw on, as text: all that the steps found. */
  context: string;
  documents: FoundDocument[];
  /** The clock's `elapsed()` when the turn began. */
  startedAt: number;
}

/** Runs the steps and renders the prompt with what they found. Throws `RenderError`, `ModelError`. */
export async function prepareTurn(
  flow: LoadedFlow,
  inputs: Record<string, unknown>,
  { embeddingModel, clock }: Pick<TurnDependencies, "embeddingModel" | "clock">,
  call: CallContext,
): Promise<PreparedTurn> {
  const startedAt = clock.elapsed();
  const { values, documents } = await runSteps(flow, inputs, embeddingModel, call);
  const { prompt } = flow;
  return {
    request: {
      model: prompt.model,
      messages: renderMessages(prompt, { ...inputs, ...values }),
      parameters: prompt.parameters,
    },
    context: documents.map(({ step, text }) => `${step}:\n${text}`).join("\n\n"),
    documents,
    startedAt,
  };
}
