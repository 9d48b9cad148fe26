import type { TurnDependencies } from "../../../shared/flow/answer-turn.ts";
import type { ChatAnswer, ChatDelta, ChatRequest } from "../../../shared/ports/chat-model.ts";

/** Dependencies of a turn whose models answer as told and remember what they were asked. */
export function scriptedModels(options: {
  answer?: Partial<ChatAnswer>;
  deltas?: ChatDelta[];
  embed?: (text: string) => number[];
}): TurnDependencies & { requests: ChatRequest[]; embedded: string[][]; ended: () => boolean } {
  const requests: ChatRequest[] = [];
  const embedded: string[][] = [];
  let ended = false;
  let elapsed = 0;
  return {
    requests,
    embedded,
    ended: () => ended,
    chatModel: {
      complete(request) {
        requests.push(request);
        elapsed += 40;
        return Promise.resolve({
          text: "An answer.",
          finishReason: "stop",
          model: "gpt-4o-mini-2024-07-18",
          usage: { inputTokens: 1000, outputTokens: 100 },
          latencyMs: 40,
          ...options.answer,
        });
      },
      async *stream(request) {
        requests.push(request);
        try {
          for (const delta of options.deltas ?? []) yield await Promise.resolve(delta);
        } finally {
          ended = true;
        }
      },
    },
    embeddingModel: {
      name: "scripted",
      embed(texts) {
        embedded.push(texts);
        elapsed += 5;
        return Promise.resolve(texts.map((text) => Float32Array.from(options.embed?.(text) ?? [1, 0])));
      },
    },
    clock: { now: () => new Date(0), elapsed: () => elapsed, sleep: () => Promise.resolve() },
  };
}
