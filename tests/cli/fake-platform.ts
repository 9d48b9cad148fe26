import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export const KEY = "the-function-key";

export interface PlatformRequest {
  method: string;
  /** With its query. */
  path: string;
  key: string | undefined;
  body: unknown;
}

export type Reply = { status?: number; json?: unknown; text?: string; headers?: Record<string, string> };
export type Handler = (request: PlatformRequest, response: ServerResponse) => Reply | undefined;

/**
 * A small server that answers as the platform does, by `METHOD /path`. A handler that returns nothing has answered by
 * itself. The management API asks for the key.
 */
export async function startFakePlatform(
  routes: Record<string, Handler>,
): Promise<{ url: string; requests: PlatformRequest[]; environment: Record<string, string> }> {
  const requests: PlatformRequest[] = [];
  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = incoming;
    const key = incoming.headers.authorization?.replace("Bearer ", "");
    const body = method === "POST" ? await json(incoming) : undefined;
    const request = { method, path: url, key, body };
    requests.push(request);
    const handler = routes[`${method} ${url}`];
    if (url.startsWith("/api/flows") && key !== KEY) return send(response, { status: 401 });
    if (!handler) {
      return send(response, { status: 404, json: { error: { code: "not_found", message: `No ${url}` } } });
    }
    const reply = handler(request, response);
    if (reply) send(response, reply);
  }
  const server = createServer((incoming, response) => void answer(incoming, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, requests, environment: { FLOWGATE_URL: url, FLOWGATE_KEY: KEY } };
}

function send(response: ServerResponse, { status = 200, json, text, headers }: Reply): void {
  response.writeHead(status, { "content-type": json ? "application/json" : "text/plain", ...headers });
  response.end(json === undefined ? text : JSON.stringify(json));
}
