import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { messageOf } from "../../shared/errors.ts";

export interface ServiceRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface ServiceReply {
  status: number;
  /** Sent as JSON; absent: an empty body. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface HttpService {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  close(): Promise<void>;
}

export interface HttpServiceOptions {
  /** For error messages. */
  name: string;
  /** 0 or absent: a free one. */
  port?: number | undefined;
  /** A longer body is answered with 413. */
  maxBodyBytes: number;
  answer: (request: ServiceRequest) => Promise<ServiceReply> | ServiceReply;
}

/** A small JSON service on 127.0.0.1 that reads each request whole. Throws a clear error where the port is taken. */
export async function startHttpService(options: HttpServiceOptions): Promise<HttpService> {
  const server = createServer((request, response) => {
    void (async () => {
      const reply = await replyTo(request, options);
      const headers: Record<string, string> = { ...reply.headers };
      if (reply.body !== undefined) headers["content-type"] ??= "application/json; charset=utf-8";
      response.writeHead(reply.status, headers);
      response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
    })().catch(() => response.destroy());
  });
  server.keepAliveTimeout = 300_000;
  await new Promise<void>((listening, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      failed(
        taken
          ? new Error(
              `Port ${options.port} is taken, so the ${options.name} cannot start. Give another port.`,
            )
          : error,
      );
    });
    server.listen(options.port ?? 0, "127.0.0.1", listening);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error(`The ${options.name} has no address.`);
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function replyTo(request: IncomingMessage, options: HttpServiceOptions): Promise<ServiceReply> {
  const body = await readBody(request, options.maxBodyBytes);
  if (body === undefined) {
    return problem(413, "PayloadTooLarge", `The body is longer than ${options.maxBodyBytes} bytes.`);
  }
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  try {
    return await options.answer({ method: request.method ?? "GET", url, headers: request.headers, body });
  } catch (error) {
    return problem(500, "InternalError", `The ${options.name} failed: ${messageOf(error)}`);
  }
}

/** An error in the shape Azure's services answer with. */
export function problem(status: number, code: string, message: string): ServiceReply {
  return { status, body: { error: { code, message } } };
}

/** Undefined where the body is too long; it is still read to its end, or the client would see a reset connection. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}
