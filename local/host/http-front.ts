import { Agent, createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../shared/errors.ts";
import { portError } from "./check-port.ts";
import type { FunctionMetadata, RpcTypedData } from "../app/protocol.ts";
import type { AppPool } from "./app-pool.ts";
import { answerEventGrid } from "./event-grid-webhook.ts";
import { carriesKey } from "./host-keys.ts";
import type { HostKeys } from "./host-keys.ts";
import type { HostLog } from "./host-log.ts";
import { BODY_LIMIT_BYTES, ENDING_MS, forwardRequest } from "./http-forward.ts";
import { triggerOf } from "./invocation-request.ts";
import { createRouteTable } from "./route-table.ts";

export interface HttpFrontOptions {
  port: number;
  routePrefix: string;
  pool: AppPool;
  keys: HostKeys;
  invoke: (
    metadata: FunctionMetadata,
    input: RpcTypedData,
    triggerMetadata: Record<string, RpcTypedData>,
  ) => Promise<void>;
  log: HostLog;
}

export interface HttpFront {
  url: string;
  /** New requests get 503 from now on. Resolves when none is under way. */
  drain(): Promise<void>;
  /** Ends what is left. */
  close(): void;
}

const APP_WAIT_MS = 10_000;

/** The host's HTTP server: the functions' routes, `/admin` and `/runtime/webhooks`, on 127.0.0.1. */
export async function startHttpFront(options: HttpFrontOptions): Promise<HttpFront> {
  const { pool, keys, log } = options;
  // The app closes a connection that was idle for 5 seconds: one about to be closed is not used for what polls as often.
  const agent = new Agent({ keepAlive: true, timeout: 3_000 });
  const routes = createRouteTable(
    pool.functions
      .map((metadata) => ({ metadata, trigger: triggerOf(metadata) }))
      .filter(({ trigger }) => trigger.type === "httpTrigger")
      .map(({ metadata, trigger }) => ({
        template: `${options.routePrefix}/${stringOr(trigger.options["route"], metadata.name)}`,
        methods: methodsOf(trigger.options["methods"]),
        target: { metadata, accepted: acceptedKeys(trigger.options["authLevel"], keys) },
      })),
  );
  let draining = false;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(`http://localhost${request.url ?? "/"}`);
    if (draining) return refuse(response, 503, "The host is shutting down.");
    if (/^\/admin(\/|$)/i.test(url.pathname)) return answerAdmin(url, request, response);
    if (url.pathname === "/runtime/webhooks/eventgrid") return answerWebhook(url, request, response);
    const match = routes.find(request.method ?? "GET", url.pathname);
    if (!match) return refuse(response, 404);
    const { metadata, accepted } = match.target;
    if (accepted && !carriesKey(request, url, accepted)) return refuse(response, 401);
    if (Number(request.headers["content-length"] ?? 0) > BODY_LIMIT_BYTES) {
      return refuse(response, 413, "The body is larger than 100 MB.");
    }
    await forwardToSome(metadata, match.parameters, request, response);
  }

  /** Tries the next app where one is gone whose end is not known yet. */
  async function forwardToSome(
    metadata: FunctionMetadata,
    parameters: Record<string, string>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const app = pool.pick() ?? (await pool.ready(AbortSignal.timeout(APP_WAIT_MS)).catch(() => undefined));
    if (!app) return refuse(response, 503, "No app process is running.");
    const again = async () => {
      await Promise.race([app.ended, sleep(ENDING_MS)]);
      await forwardToSome(metadata, parameters, request, response);
    };
    forwardRequest({ app, metadata, agent, log }, parameters, request, response, () => {
      if (!response.destroyed) again().catch((error: unknown) => fail(response, error));
    });
  }

  function answerAdmin(url: URL, request: IncomingMessage, response: ServerResponse): void {
    if (url.pathname === "/admin/host/ping") return void response.writeHead(200).end();
    if (!carriesKey(request, url, [keys.master])) return refuse(response, 401);
    if (url.pathname === "/admin/functions") return sendFunctions(response);
    if (url.pathname !== "/admin/host/status") return refuse(response, 404);
    const status = { state: "Running", version: "4", processUptime: Math.round(process.uptime() * 1000) };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(status));
  }

  /** As Azure's host lists them, with what its own tools need of each. */
  function sendFunctions(response: ServerResponse): void {
    const listed = pool.functions.map(({ name, bindings }) => ({
      name,
      config: { bindings: Object.entries(bindings).map(([binding, facts]) => ({ ...facts, name: binding })) },
    }));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(listed));
  }

  async function answerWebhook(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!carriesKey(request, url, [keys.eventGrid, keys.master])) return refuse(response, 401);
    const name = url.searchParams.get("functionName");
    const metadata = pool.functions.find((candidate) => candidate.name === name);
    if (!metadata || triggerOf(metadata).type !== "eventGridTrigger" || request.method !== "POST") {
      return refuse(response, 404);
    }
    await answerEventGrid(metadata, options.invoke, request, response);
  }

  function fail(response: ServerResponse, error: unknown): void {
    // A malformed address is the client's fault; anything else is the host's own.
    const malformed = error instanceof URIError || (error instanceof TypeError && "input" in error);
    if (!malformed) log({ level: "error", category: "Host.Http", message: messageOf(error) });
    if (!response.headersSent) refuse(response, malformed ? 400 : 500);
  }

  const server = createServer((request, response) => {
    // A connection kept alive would hold up the end.
    response.once("close", () => draining && setImmediate(() => server.closeIdleConnections()));
    answer(request, response).catch((error: unknown) => fail(response, error));
  });
  // As long as Azure's front end has patience, and longer than clients keep one that they do not use: who was busy would
  // else ask on a connection that is just being closed.
  server.keepAliveTimeout = 240_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(portError(error, options.port)));
    server.listen(options.port, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async drain() {
      draining = true;
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeIdleConnections();
      });
    },
    close() {
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

/** Undefined: open to all. */
function acceptedKeys(authLevel: unknown, keys: HostKeys): string[] | undefined {
  if (authLevel === "anonymous" || authLevel === undefined) return undefined;
  return authLevel === "function" ? [keys.default, keys.master] : [keys.master];
}

function methodsOf(methods: unknown): string[] {
  return Array.isArray(methods) && methods.length > 0
    ? methods.map((method) => String(method).toUpperCase())
    : ["GET", "POST"];
}

function stringOr(value: unknown, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}

/** Answers without the app. The connection ends, since the request's body may not have been read. */
function refuse(response: ServerResponse, status: number, body = ""): void {
  response.writeHead(status, { connection: "close", "content-length": Buffer.byteLength(body) }).end(body);
}
