import { ModelError } from "../errors.ts";

/** Throws `ModelError` where an answer that arrived is no answer: it must hold words, or call a tool. */
export function checkAnswer(
  text: string,
  finishReason: string | undefined,
  toolCalls: readonly unknown[] = [],
): void {
  if (finishReason === "content_filter") {
    throw new ModelError("The service's content filter stopped the answer.", { kind: "content_filter" });
  }
  if (finishReason === "length") {
    throw new ModelError("The answer was cut at its token limit; raise max_tokens in the prompt.", {
      kind: "cut",
    });
  }
  if (text.trim() === "" && toolCalls.length === 0)
    throw new ModelError("The model gave an empty answer.", { kind: "empty" });
}
