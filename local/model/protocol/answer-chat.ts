import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { OFFLINE_STAND_IN } from "../../../shared/model/offline-stand-in.ts";
import { countTokens } from "../text/count-tokens.ts";
import { textMessages } from "./chat-request.ts";
import type { ChatRequestBody } from "./chat-request.ts";
import { sendJson } from "./send-json.ts";

/** Markup that chat models add around each message, in tokens. */
const TOKENS_PER_MESSAGE = 4;

/** Sends `answer` as a chat completion, whole or as server-sent events, with counted usage. */
export function answerChat(response: ServerResponse, body: ChatRequestBody, answer: string): void {
  const limit = body.max_completion_tokens ?? body.max_tokens ?? Number.POSITIVE_INFINITY;
  const pieces: string[] = [];
  let completionTokens = 0;
  let finishReason = "stop";
  for (const piece of answer.match(/\s*\S+|\s+$/g) ?? []) {
    const tokens = countTokens(piece);
    if (completionTokens + tokens > limit) {
      finishReason = "length";
      break;
    }
    completionTokens += tokens;
    pieces.push(piece);
  }
  const promptTokens = textMessages(body).reduce(
    (sum, message) => sum + countTokens(message.text) + TOKENS_PER_MESSAGE,
    0,
  );
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  const common = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: OFFLINE_STAND_IN,
  };

  if (!body.stream) {
    const message = { role: "assistant", content: pieces.join(""), refusal: null };
    sendJson(response, 200, {
      ...common,
      object: "chat.completion",
      choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason }],
      usage,
    });
    return;
  }

  const withUsage = body.stream_options?.include_usage === true;
  const send = (choices: object[], chunkUsage: object | null): void => {
    const chunk = { ...common, object: "chat.completion.chunk", choices };
    response.write(`data: ${JSON.stringify(withUsage ? { ...chunk, usage: chunkUsage } : chunk)}\n\n`);
  };
  const delta = (delta: object, reason: string | null): object[] => [
    { index: 0, delta, logprobs: null, finish_reason: reason },
  ];
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  send(delta({ role: "assistant", content: "" }, null), null);
  for (const piece of pieces) send(delta({ content: piece }, null), null);
  send(delta({}, finishReason), null);
  if (withUsage) send([], usage);
  response.end("data: [DONE]\n\n");
}
