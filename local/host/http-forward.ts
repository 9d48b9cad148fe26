import { request as startRequest } from "node:http";
import type { Agent, IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../../shared/errors.ts";
import type { FunctionMetadata, RpcTypedData } from "../app/protocol.ts";
import type { AppProcess } from "./app-process.ts";
import type { HostLog } from "./host-log.ts";
import { AppProcessEndedError } from "./invocation-errors.ts";
import { createInvocationRequest } from "./invocation-request.ts";

export const BODY_LIMIT_BYTES = 100 * 1024 * 1024;
/** How long after its connections the end of a process is known at the latest. */
export const ENDING_MS = 200;

/** Headers that concern one connection, and `expect`, which the host has answered itself. */
const HOP_BY_HOP = new Set(
  "connection keep-alive proxy-authenticate proxy-connection te trailer upgrade expect".split(" "),
);

/**
 * Passes one request to the app: the body and the answer go over the library's own HTTP address, matched by
 * `x-ms-invocation-id` with the invocation, which goes over the worker protocol. Nothing is buffered either way.
 * `undelivered` is called where the app could not be reached: it has seen nothing of the request then, nothing of the
 * body is read, and another app may have it.
 */
export function forwardRequest(
  { app, metadata, agent, log }: { app: AppProcess; metadata: FunctionMetadata; agent: Agent; log: HostLog },
  parameters: Record<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
  undelivered: () => void,
): void {
  const url = request.url ?? "/";
  const method = request.method ?? "GET";
  const triggerMetadata: Record<string, RpcTypedData> = {
    Headers: { json: JSON.stringify(request.headers) },
  };
  for (const [name, value] of Object.entries(parameters)) triggerMetadata[name] = { string: value };
  const invocation = createInvocationRequest(metadata, { http: { method, url } }, triggerMetadata, {
    traceParent: single(request.headers["traceparent"]),
    traceState: single(request.headers["tracestate"]),
  });
  const { invocationId } = invocation;
  const proxied = startRequest({
    agent,
    host: "127.0.0.1",
    port: app.httpPort,
    method,
    path: url,
    headers: {
      ...withoutHopByHop(request.headers),
      "x-ms-invocation-id": invocationId,
      "x-forwarded-host": request.headers.host ?? "127.0.0.1",
      "x-forwarded-proto": "http",
    },
  });

  let delivered = false;
  /** What to do about the client is decided; what comes later from the app's side is of no interest. */
  let settled = false;
  function settle(status: number, body = ""): void {
    if (settled) return;
    settled = true;
    proxied.destroy();
    if (response.headersSent) response.destroy();
    else response.writeHead(status, { "content-length": Buffer.byteLength(body) }).end(body);
  }

  function warn(message: string): void {
    log({ level: "warning", category: `Function.${metadata.name}`, message });
  }

  function invoke(): void {
    app.invoke(invocation).catch((error: unknown) => {
      log({ level: "error", category: `Function.${metadata.name}`, message: describe(error) });
      if (error instanceof AppProcessEndedError) return settle(502, "The app process ended.");
      if (!settled && response.headersSent) {
        warn("The handler failed while streaming: the connection is cut. On Azure the request would hang.");
      }
      settle(500);
    });
  }

  function deliver(): void {
    if (settled) return;
    delivered = true;
    invoke();
    sendBody();
  }

  // The invocation is sent only once its request is on the way: the library waits for it without end.
  proxied.once("socket", (socket) => (socket.connecting ? socket.once("connect", deliver) : deliver()));
  proxied.once("response", (answer) => {
    if (settled) return;
    // How the answer is cut into chunks is for each connection: a client of HTTP/1.0 knows of none.
    const { "transfer-encoding": _, ...headers } = withoutHopByHop(answer.headers);
    response.writeHead(answer.statusCode ?? 500, headers);
    answer.pipe(response);
    answer.once("error", () => settle(502));
  });
  proxied.on("error", (error) => {
    if (settled) return;
    if (!delivered) {
      settled = true;
      undelivered();
      return;
    }
    // A process that dies resets its connections shortly before its end is known, which answers the client.
    setTimeout(() => {
      if (settled) return;
      settle(502, "The app process did not answer.");
      warn(`The connection to the app broke: ${messageOf(error)}`);
      app.forget(invocationId);
    }, ENDING_MS);
  });
  response.once("close", () => {
    if (settled || response.writableFinished) return;
    settled = true;
    proxied.destroy();
    warn("The client left before the answer was complete. On Azure the function would not notice.");
  });

  function sendBody(): void {
    if (
      request.headers["content-length"] === undefined &&
      request.headers["transfer-encoding"] === undefined
    ) {
      proxied.end();
      return;
    }
    let received = 0;
    request.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received <= BODY_LIMIT_BYTES || settled) return;
      request.unpipe(proxied);
      response.shouldKeepAlive = false;
      settle(413, "The body is larger than 100 MB.");
    });
    proxied.flushHeaders();
    request.pipe(proxied);
  }
}

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

function describe(error: unknown): string {
  const stack = error instanceof Error && "stackTrace" in error ? String(error.stackTrace) : "";
  return stack === "" ? messageOf(error) : stack;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
