import { ChatError } from "./chat-error.ts";

/** The refusal of what OpenAI's clients ask for and Flowgate has not, as OpenAI's service words it, with what there is. */
export function unknownAddress(asked: string, origin: string): ChatError {
  const message =
    `Unknown request URL: ${asked.slice(0, 200)}. The base address of OpenAI's clients is ${origin}/v1, with ` +
    "POST /chat/completions, GET /models and GET /models/{model}.";
  return new ChatError(404, "invalid_request_error", "unknown_url", message);
}
