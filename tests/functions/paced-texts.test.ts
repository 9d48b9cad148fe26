import { once } from "node:events";
import { createServer, request as startRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { clientConnection } from "../../functions/client-connection.ts";
import { pacedTexts } from "../../functions/paced-texts.ts";

/** A server that answers as `@azure/functions` does: it copies the body, and waits for nobody. */
async function serve(
  texts: AsyncIterable<string>,
  onLeave: () => void = () => {},
  patienceMs = 10_000,
): Promise<Server> {
  const server = createServer((request, response) => {
    const connection = clientConnection(String(request.headers["x-ms-invocation-id"]), patienceMs);
    connection.onLeave(onLeave);
    void (async () => {
      for await (const piece of pacedTexts(texts, connection)) response.write(piece);
      response.end();
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

async function ask(server: Server): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const asked = startRequest({ port, method: "POST", headers: { "x-ms-invocation-id": "one" } });
  asked.on("error", () => {});
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return response;
}

test("a reader that does not read is waited for, in bounded space, and misses nothing", async () => {
  let made = 0;
  async function* texts(): AsyncGenerator<string> {
    for (; made < 1_000; made += 1) yield "x".repeat(50_000);
  }
  const server = await serve(texts());
  const response = await ask(server);
  let before = -1;
  while (made !== before) {
    before = made;
    await sleep(200);
  }
  // What the system's sockets hold, and no more.
  expect(made).toBeLessThan(500);
  let read = 0;
  for await (const piece of response) read += (piece as Buffer).length;
  expect(read).toBe(1_000 * 50_000);
});

test("a reader that leaves is noticed, also while nothing is written", async () => {
  const left = Promise.withResolvers<void>();
  async function* texts(): AsyncGenerator<string> {
    yield "one";
    await left.promise;
  }
  const server = await serve(texts(), left.resolve);
  const response = await ask(server);
  response.destroy();
  await expect(left.promise).resolves.toBeUndefined();
});

test("a reader that takes nothing for too long is cut off", async () => {
  const left = Promise.withResolvers<void>();
  const gone = new AbortController();
  async function* texts(): AsyncGenerator<string> {
    while (!gone.signal.aborted) yield "x".repeat(50_000);
  }
  const leave = (): void => {
    gone.abort();
    left.resolve();
  };
  const server = await serve(texts(), leave, 300);
  const response = await ask(server);
  response.on("error", () => {});
  await expect(left.promise).resolves.toBeUndefined();
});

test("a body never fails: where its texts do, it ends", async () => {
  async function* texts(): AsyncGenerator<string> {
    yield "one";
    throw new TypeError("a mistake");
  }
  const server = await serve(texts());
  const response = await ask(server);
  let read = "";
  for await (const piece of response) read += String(piece);
  expect(read).toBe("one");
});
