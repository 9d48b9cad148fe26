import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { createUndiciFetch } from "../../../shared/adapters/undici-fetch.ts";

async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?query=1`;
}

test("sends method, headers and body, and gives what a client reads of the response", async () => {
  const url = await startServer((request, response) => {
    void text(request).then((body) => {
      response.writeHead(418, { "x-request-id": "r-1", "set-cookie": ["a=1", "b=2"] });
      response.end(
        JSON.stringify({ method: request.method, url: request.url, key: request.headers["api-key"], body }),
      );
    });
  });
  const headers = new Headers({ "api-key": "k" });
  const response = await createUndiciFetch()(url, { method: "POST", headers, body: "söme text" });
  expect(response).toMatchObject({ ok: false, status: 418, url });
  expect(response.headers.get("X-Request-Id")).toBe("r-1");
  expect(response.headers.get("set-cookie")).toBe("a=1, b=2");
  expect(response.headers.get("absent")).toBeNull();
  expect(response.headers.has("x-request-id")).toBe(true);
  expect([...response.headers.entries()]).toContainEqual(["x-request-id", "r-1"]);
  expect(await response.json()).toEqual({
    method: "POST",
    url: "/path?query=1",
    key: "k",
    body: "söme text",
  });
});

test("gives the body piece by piece as it arrives", async () => {
  let goOn = (): void => {};
  const url = await startServer((_request, response) => {
    response.write("one");
    goOn = () => void response.end("two");
  });
  const response = await createUndiciFetch()(url);
  const pieces: string[] = [];
  const body = response.body as unknown as AsyncIterable<Uint8Array>;
  for await (const piece of body) {
    pieces.push(Buffer.from(piece).toString());
    goOn();
  }
  expect(response.ok).toBe(true);
  expect(pieces).toEqual(["one", "two"]);
});

test("an aborted signal ends the request before the reply", async () => {
  const controller = new AbortController();
  const url = await startServer(() => controller.abort());
  await expect(createUndiciFetch()(url, { signal: controller.signal })).rejects.toMatchObject({
    name: "AbortError",
  });
});

test("an aborted signal ends a body that is under way, on both sides", async () => {
  let left: Promise<unknown> | undefined;
  const url = await startServer((_request, response) => {
    left = once(response, "close");
    response.write("one");
  });
  const controller = new AbortController();
  const response = await createUndiciFetch()(url, { signal: controller.signal });
  const reading = response.text();
  controller.abort();
  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  await left;
});

test("a server that is not there is an error with its code", async () => {
  await expect(createUndiciFetch()("http://127.0.0.1:1/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("calls one after another share connections", async () => {
  const ports = new Set<number | undefined>();
  const url = await startServer((request, response) => {
    ports.add(request.socket.remotePort);
    response.end("{}");
  });
  const fetch = createUndiciFetch();
  for (let index = 0; index < 20; index += 1) await (await fetch(url)).text();
  // A call may start before the connection of the last one counts as idle.
  expect(ports.size).toBeLessThanOrEqual(2);
});
