import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The connection that an answer goes to, where it can be seen. */
export interface ClientConnection {
  /**
   * The request's body, read past the library's request, whose web stream around it costs more than all else about a
   * request; undefined where it cannot be seen. To be asked once, and before the library's request is read.
   */
  body(): Promise<string> | undefined;
  /** Calls back once the client has gone before its answer was complete; at once, if it has gone already. */
  onLeave(leave: () => void): void;
  /**
   * Resolves once the client has taken what was written, or has gone; undefined where nothing waits. One that takes
   * nothing for too long is cut off: it would keep its request for ever.
   */
  drained(): Promise<void> | undefined;
}

/**
 * How long a client may take nothing. Less than a turn may take for a piece, or the turn would end first, as one that
 * the version was too slow for.
 */
export const PATIENCE_MS = 80_000;
const INVOCATION_HEADER = "x-ms-invocation-id";
/**
 * By invocation. No `Map`: of one whose entries come and go V8 keeps every table that it outgrew, with all requests that
 * stood in it, until a full garbage collection.
 */
const connections = Object.create(null) as Record<string, Connection>;

interface Connection {
  response: ServerResponse;
  leave?: () => void;
}

/**
 * The library gives handlers no answer to write to: it copies what they return into one, however fast the client reads
 * and whether or not it is still there. Node names every answer of an HTTP server in the process on this channel.
 */
subscribe("http.server.request.start", (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const id = request.headers[INVOCATION_HEADER];
  if (request.method !== "POST" || typeof id !== "string") return;
  const connection: Connection = { response };
  connections[id] = connection;
  response.on("close", () => {
    delete connections[id];
    if (!response.writableFinished) connection.leave?.();
  });
});

/** The connection of an invocation; one that nothing is known of never drains and never leaves. */
export function clientConnection(invocationId: string, patienceMs = PATIENCE_MS): ClientConnection {
  const connection = connections[invocationId];
  const response = connection?.response;
  return {
    body: () => response && textOf(response.req),
    onLeave(leave) {
      if (!connection) return;
      connection.leave = leave;
      // Its end was told before anybody asked.
      if (connection.response.destroyed && !connection.response.writableFinished) leave();
    },
    drained() {
      if (!response?.writableNeedDrain || response.destroyed) return undefined;
      return new Promise((resolve) => {
        const timer = setTimeout(() => response.destroy(), patienceMs);
        const done = (): void => {
          clearTimeout(timer);
          response.off("drain", done).off("close", done);
          resolve();
        };
        response.on("drain", done).on("close", done);
      });
    },
  };
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    // One that is gone says nothing more, not even that it ended.
    if (request.destroyed) return reject(new Error("The client left before its request was read."));
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => void pieces.push(piece));
    request.on("end", () => {
      const [only] = pieces;
      resolve((only && pieces.length === 1 ? only : Buffer.concat(pieces)).toString("utf8"));
    });
    request.on("error", reject);
  });
}
