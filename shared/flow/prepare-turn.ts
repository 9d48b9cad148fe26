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
  /** What the steps took, in milliseconds, without waiting for a place among our own calls. */
  latencyMs: number;
}

/** Runs the steps and renders the prompt with what they found. Throws `RenderError`, `ModelError`. */
export async function prepareTurn(
  flow: LoadedFlow,
  inputs: Record<string, unknown>,
  { embeddingModel, clock }: Pick<TurnDependencies, "embeddingModel" | "clock">,
  call: CallContext,
): Promise<PreparedTurn> {
  const startedAt = clock.elapsed();
  let waitedMs = 0;
  const onWait = (ms: number): void => {
    // Steps run side by side: the longest wait is what the turn was held up by.
    waitedMs = Math.max(waitedMs, ms);
  };
  const { values, documents } = await runSteps(flow, inputs, embeddingModel, { ...call, onWait });
  const { prompt } = flow;
  return {
    request: {
      model: prompt.model,
      messages: renderMessages(prompt, { ...inputs, ...values }),
      parameters: prompt.parameters,
    },
    context: documents.map(({ step, text }) => `${step}:\n${text}`).join("\n\n"),
    documents,
    latencyMs: Math.max(0, clock.elapsed() - startedAt - waitedMs),
  };
}
