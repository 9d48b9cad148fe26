import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface ModelServerRequest {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Record<string, unknown>;
  /** Resolves when the client ends the connection before the reply is complete. */
  left: Promise<void>;
}

export type Reply = (response: ServerResponse, request: ModelServerRequest) => void | Promise<void>;

export interface ModelServer extends AsyncDisposable {
  baseUrl: string;
  requests: ModelServerRequest[];
  /** Given to the coming requests, in order; the last one stays. */
  replies: Reply[];
}

/** An HTTP server that speaks OpenAI's protocol and answers what it is told to. */
export async function startModelServer(...replies: Reply[]): Promise<ModelServer> {
  const requests: ModelServerRequest[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      const left = new Promise<void>((resolve) => {
        response.once("close", () => {
          if (!response.writableFinished) resolve();
        });
      });
      const body = (await json(incoming)) as Record<string, unknown>;
      const request = { path: incoming.url ?? "", headers: incoming.headers, body, left };
      requests.push(request);
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      await reply?.(response, request);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    replies,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

export function sendJson(status: number, body: object, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

/** A chat completion of one choice. */
export function sendAnswer(text: string | null, finishReason = "stop"): Reply {
  const message = { role: "assistant", content: text };
  return sendJson(200, {
    id: "chatcmpl-1",
    model: "served-model-2026",
    choices: [{ index: 0, message, finish_reason: finishReason }],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
}

export function sendError(status: number, error: object, headers: Record<string, string> = {}): Reply {
  return sendJson(status, { error }, headers);
}

/** Server-sent events; `after` decides how the stream ends. */
export function sendStream(events: object[], after: "done" | "cut" | "hang" = "done"): Reply {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
    if (after === "done") response.end(`${text}data: [DONE]\n\n`);
    else response.write(text, () => (after === "cut" ? response.destroy() : undefined));
  };
}

export function chunk(content: string, finishReason: string | null = null): object {
  const choice = { index: 0, delta: { content }, finish_reason: finishReason };
  return { id: "chatcmpl-1", model: "served-model-2026", choices: [choice] };
}

export const USAGE_CHUNK = {
  id: "chatcmpl-1",
  model: "served-model-2026",
  choices: [],
  usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
};
