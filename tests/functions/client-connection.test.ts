import { once } from "node:events";
import { createServer, request as startRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { clientConnection, PATIENCE_MS, type ClientConnection } from "../../functions/client-connection.ts";
import { TURN_LIMITS } from "../../pipelines/chat/turn-bounds.ts";

/** The connection of a client that has sent its request, whole or not, and left before anybody looked at it. */
async function leftBehind(): Promise<ClientConnection> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const headers = { "x-ms-invocation-id": "gone", "content-length": "2" };
  const asked = startRequest({ port, method: "POST", headers });
  asked.on("error", () => {});
  const seen = new Promise<{ connection: ClientConnection; closed: Promise<unknown> }>((resolve) => {
    server.on("request", (_request, response) => {
      resolve({ connection: clientConnection("gone"), closed: once(response, "close") });
    });
  });
  asked.end("{}");
  const { connection, closed } = await seen;
  asked.destroy();
  await closed;
  return connection;
}

test("a client that left while nobody looked is told of as soon as somebody does", async () => {
  const connection = await leftBehind();
  let left = 0;
  connection.onLeave(() => (left += 1));
  expect(left).toBe(1);
});

test("a client that does not read is cut off before its turn counts as too slow", () => {
  expect(PATIENCE_MS).toBeLessThan(TURN_LIMITS.idleMs - 5_000);
});

test("the body of a client that left before it was read keeps nobody waiting", async () => {
  const connection = await leftBehind();
  await expect(connection.body()).rejects.toThrow("left before its request was read");
});

test.each(["never-asked", "constructor", "__proto__"])(
  "of an invocation that no request was seen of nothing is known: %s",
  (invocation) => {
    const connection = clientConnection(invocation);
    let left = 0;
    connection.onLeave(() => (left += 1));
    expect([connection.body(), connection.drained(), left]).toEqual([undefined, undefined, 0]);
  },
);
