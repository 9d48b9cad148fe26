import { ChatError } from "./chat-error.ts";

/** The refusal of what OpenAI's clients ask for and Flowgate has not, as OpenAI's service words it, with what there is. */
export function unknownAddress(asked: string): ChatError {
  const message =
    `Unknown request URL: ${asked.slice(0, 200)}. There are POST /v1/chat/completions, GET /v1/models and ` +
    "GET /v1/models/{model}: the base address of OpenAI's clients ends with /v1 and nothing before it.";
  return new ChatError(404, "invalid_request_error", "unknown_url", message);
}
