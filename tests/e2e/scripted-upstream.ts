import type { ServerResponse } from "node:http";
import {
  startModelServer,
  type ModelServer,
  type ModelServerRequest,
} from "../shared/adapters/model-server.ts";

const HEAD = { id: "chatcmpl-up", created: 1, model: "served-model" };
const USAGE = { prompt_tokens: 30, completion_tokens: 9, total_tokens: 39 };
const CALL = {
  id: "call-1",
  type: "function",
  function: { name: "order_status", arguments: '{"order":"7"}' },
};

/**
 * A model that does what the last question says: "wait" for ever, "refuse", "call a tool", "break" half way, "stall", "flood"
 * without end, or else answers with what it was asked; with the result of a tool, with that.
 */
export function startScriptedUpstream(): Promise<ModelServer> {
  return startModelServer(async (response, request) => {
    const { messages, stream } = request.body as {
      messages: { role: string; content: string; tool_call_id?: string }[];
      stream?: boolean;
    };
    const question = messages.findLast(({ role }) => role === "user")?.content ?? "";
    const result = messages.findLast(({ role }) => role === "tool");
    const text = result ? `It is ${result.content}` : `You asked: ${question}`;
    if (question.includes("wait")) return;
    if (question.includes("refuse")) return void response.writeHead(400).end('{"error":{"message":"No."}}');
    const calls = question.includes("call a tool") && !result;
    if (stream !== true) return sendWhole(response, calls, text);
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (calls) {
      const { function: called, ...facts } = CALL;
      const begin = { index: 0, ...facts, function: { ...called, arguments: "" } };
      sendChunk(response, { role: "assistant", content: null, tool_calls: [begin] });
      const rest = { index: 0, function: { arguments: called.arguments } };
      sendChunk(response, { tool_calls: [rest] });
      return sendEnd(response, "tool_calls");
    }
    for (const word of text.split(/(?<= )/)) sendChunk(response, { content: word });
    if (question.includes("break")) return void setTimeout(() => response.destroy(), 50);
    if (question.includes("stall")) return;
    if (question.includes("flood")) return flood(response, request);
    sendEnd(response, "stop");
  });
}

function sendWhole(response: ServerResponse, calls: boolean, text: string): void {
  const message = calls
    ? { role: "assistant", content: null, tool_calls: [CALL] }
    : { role: "assistant", content: text };
  response.writeHead(200, { "content-type": "application/json" });
  const choice = { index: 0, message, finish_reason: calls ? "tool_calls" : "stop" };
  response.end(JSON.stringify({ ...HEAD, object: "chat.completion", choices: [choice], usage: USAGE }));
}

function sendChunk(response: ServerResponse, delta: object, finishReason: string | null = null): boolean {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return response.write(`data: ${JSON.stringify({ ...HEAD, object: "chat.completion.chunk", choices })}\n\n`);
}

function sendEnd(response: ServerResponse, finishReason: string): void {
  sendChunk(response, {}, finishReason);
  const usage = { ...HEAD, object: "chat.completion.chunk", choices: [], usage: USAGE };
  response.end(`data: ${JSON.stringify(usage)}\n\ndata: [DONE]\n\n`);
}

/** Writes as fast as it is read. */
async function flood(response: ServerResponse, request: ModelServerRequest): Promise<void> {
  const text = "x".repeat(8_000);
  while (!response.destroyed) {
    if (!sendChunk(response, { content: text })) {
      await Promise.race([new Promise((resolve) => response.once("drain", resolve)), request.left]);
    }
  }
}
