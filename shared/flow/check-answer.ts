import { ModelError } from "../errors.ts";

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
