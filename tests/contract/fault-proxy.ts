import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What becomes of one request: passed on, answered with an error, or done with its reply lost or cut in half. */
export type Fault =
  | { kind: "pass" }
  | { kind: "answer"; status: number; code: string }
  | { kind: "lose-reply" }
  | { kind: "cut-reply" };

export interface FaultProxy extends AsyncDisposable {
  port: number;
  /** `METHOD /path` of every request seen. */
  requests: string[];
  /** Applied to the coming requests, in order; without any a request is passed on. */
  faults: Fault[];
}

/** An HTTP proxy in front of the emulator that counts requests and breaks those it is told to. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const requests: string[] = [];
  const faults: Fault[] = [];
  const server = createServer((incoming, reply) => {
    void (async () => {
      const body = await buffer(incoming);
      requests.push(`${incoming.method} ${incoming.url}`);
      const fault = faults.shift() ?? { kind: "pass" };
      if (fault.kind === "answer") {
        reply.writeHead(fault.status, { "x-ms-error-code": fault.code });
        reply.end();
        return;
      }
      const { method, url, headers } = incoming;
      const outgoing = request({ host: "127.0.0.1", port: targetPort, method, path: url, headers });
      outgoing.end(body);
      const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
      const content = await buffer(answer);
      if (fault.kind === "lose-reply") {
        incoming.socket.destroy();
        return;
      }
      reply.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
      if (fault.kind === "cut-reply") {
        reply.write(content.subarray(0, content.length / 2), () => incoming.socket.destroy());
        return;
      }
      reply.end(content);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    faults,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
