import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { request as startRequest } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startQueueService } from "./azurite-queue.ts";
import { HURRIED, startFixture, temporaryFolder, until } from "./fixture.ts";

let service: Awaited<ReturnType<typeof startQueueService>>;
beforeAll(async () => {
  service = await startQueueService();
});
afterAll(() => service[Symbol.asyncDispose]());

test("a request reaches its handler with method, address, route parameters, headers, body and trace", async () => {
  const { host } = await startFixture(service.connectionString);
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const answer = await fetch(`${host.url}/Echo/a%20b/c?x=1&x=2`, {
    method: "POST",
    body: "the body",
    headers: { "x-given": "yes", traceparent },
  });
  expect(answer.status).toBe(201);
  expect(answer.headers.get("x-fixture")).toBe("echo");
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(answer.headers.get("x-ms-invocation-id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(await answer.json()).toEqual({
    method: "POST",
    url: `${host.url}/Echo/a%20b/c?x=1&x=2`,
    parameters: { first: "a b", second: "c" },
    header: "yes",
    body: "the body",
    pid: host.appPids()[0],
    setting: "given",
    trace: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/),
  });
});

test("routes: optional parameters, literal before parameter, catch-all, wrong method and unknown path are 404", async () => {
  const { host } = await startFixture(service.connectionString);
  const optional = (await (await fetch(`${host.url}/echo/one`)).json()) as { parameters: object };
  expect(optional.parameters).toEqual({ first: "one" });
  expect(await (await fetch(`${host.url}/echo/exactly`)).text()).toBe("literal");
  expect(await (await fetch(`${host.url}/any/thing/at%20all`, { method: "PUT" })).text()).toBe(
    "any/thing/at all",
  );
  expect((await fetch(`${host.url}/echo/one`, { method: "PATCH" })).status).toBe(404);
  expect((await fetch(`${host.url}/hooked`, { method: "DELETE" })).status).toBe(404);
  expect((await fetch(`${host.url}/no/such/path`)).status).toBe(404);
  expect((await fetch(`${host.url}/echo/%E0%A4%A`)).status).toBe(400);
  expect((await fetch(`${host.url}//`)).status).toBe(404);
});

test("a client of HTTP/1.0, which knows of no chunks, gets none", async () => {
  const { host } = await startFixture(service.connectionString);
  const socket = connect(Number(new URL(host.url).port), "127.0.0.1");
  socket.write("POST /echo/one HTTP/1.0\r\nhost: 127.0.0.1\r\ncontent-length: 2\r\n\r\nhi");
  const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
  expect(head).not.toMatch(/transfer-encoding/i);
  expect(JSON.parse(body)).toMatchObject({ body: "hi" });
});

test("a DELETE with a body keeps it", async () => {
  const { host } = await startFixture(service.connectionString);
  const answer = await fetch(`${host.url}/echo/one`, { method: "DELETE", body: "gone" });
  expect(await answer.json()).toMatchObject({ method: "DELETE", body: "gone" });
});

test("keys: a function takes the default or the master key, the header counts before the query", async () => {
  const { host } = await startFixture(service.connectionString);
  const { master, default: ordinary } = host.keys;
  const status = async (path: string, key?: string) =>
    (await fetch(`${host.url}${path}`, { headers: key === undefined ? {} : { "x-functions-key": key } }))
      .status;
  expect(await status("/guarded")).toBe(401);
  expect(await status("/guarded", ordinary)).toBe(200);
  expect(await status("/guarded", master)).toBe(200);
  expect(await status(`/guarded?code=${ordinary}`)).toBe(200);
  expect(await status(`/guarded?code=${ordinary}`, "wrong")).toBe(401);
  expect(await status("/administration", ordinary)).toBe(401);
  expect(await status("/administration", master)).toBe(200);
  expect(await status("/admin/host/ping")).toBe(200);
  expect(await status("/admin/host/status")).toBe(401);
  expect(await status("/admin/host/status", ordinary)).toBe(401);
  expect(await status("/admin/host/status", master)).toBe(200);
  expect(await status("/admin/anything")).toBe(401);
  expect(await status("/admin/anything", master)).toBe(404);
});

test("a body streams to the handler and back while it is still being sent", async () => {
  const { host } = await startFixture(service.connectionString);
  const request = startRequest(`${host.url}/stream`, { method: "POST" });
  request.write("one");
  const answer = await new Promise<import("node:http").IncomingMessage>((resolve) =>
    request.once("response", resolve),
  );
  expect(answer.headers["content-type"]).toBe("text/event-stream");
  const parts = answer[Symbol.asyncIterator]();
  expect(String((await parts.next()).value)).toBe("one");
  request.write("two");
  expect(String((await parts.next()).value)).toBe("two");
  request.end();
  expect((await parts.next()).done).toBe(true);
});

test("a body over 100 MB is refused with 413, announced or not; one below it arrives whole", async () => {
  const { host } = await startFixture(service.connectionString);
  const limit = 100 * 1024 * 1024;
  async function send(
    bytes: number,
    announced: boolean,
  ): Promise<{ status: number | undefined; body: string }> {
    const request = startRequest(`${host.url}/size`, {
      method: "POST",
      headers: announced ? { "content-length": bytes } : {},
    });
    request.on("error", () => {});
    const chunk = Buffer.alloc(1024 * 1024);
    function* chunks() {
      for (let left = bytes; left > 0; left -= chunk.length)
        yield chunk.subarray(0, Math.min(left, chunk.length));
    }
    Readable.from(chunks()).pipe(request);
    const answer = await new Promise<import("node:http").IncomingMessage>((resolve) =>
      request.once("response", resolve),
    );
    const body = await text(answer);
    request.destroy();
    return { status: answer.statusCode, body };
  }
  expect((await send(limit + 1, true)).status).toBe(413);
  expect((await send(limit + 1, false)).status).toBe(413);
  expect(await send(limit, false)).toEqual({ status: 200, body: JSON.stringify({ bytes: limit }) });
});

test("a handler that throws before it answers is a 500, and the log says what it threw", async () => {
  const { host, lines } = await startFixture(service.connectionString);
  const answer = await fetch(`${host.url}/throwing`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toBe("");
  expect(lines.find((line) => line.message.includes("thrown on purpose"))).toMatchObject({
    level: "error",
    category: "Function.throwing",
  });
  expect((await fetch(`${host.url}/hooked`)).status).toBe(200);
});

test("a handler that returns nothing is a 500 that says why", async () => {
  const { host, lines } = await startFixture(service.connectionString);
  expect((await fetch(`${host.url}/silent`)).status).toBe(500);
  expect(lines.some((line) => line.message.includes("returned no response"))).toBe(true);
});

test("a handler that throws midway cuts the connection and warns that Azure would hang", async () => {
  const { host, lines } = await startFixture(service.connectionString);
  const answer = await fetch(`${host.url}/throwing-midway`);
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow("terminated");
  expect(lines.find((line) => line.message.includes("On Azure the request would hang"))).toMatchObject({
    level: "warning",
    category: "Function.throwing-midway",
  });
});

test("a client that leaves is noted, and the handler runs on as on Azure", async () => {
  const { host, lines, said } = await startFixture(service.connectionString);
  const end = path.join(await temporaryFolder(), "end");
  const leaving = new AbortController();
  const answer = await fetch(`${host.url}/endless?until=${end}`, { signal: leaving.signal });
  await answer.body!.getReader().read();
  leaving.abort();
  await until(() => lines.some((line) => line.message.includes("The client left")));
  await writeFile(end, "");
  await until(() => said("endless came to its end").length === 1);
  expect(lines.find((line) => line.message.includes("The client left"))).toMatchObject({
    level: "warning",
    category: "Function.endless",
  });
});

test("hooks run around each invocation and may replace the handler and change the result", async () => {
  const { host } = await startFixture(service.connectionString);
  const answer = await fetch(`${host.url}/hooked`);
  expect(answer.headers.get("x-wrapped")).toBe("yes");
  expect(answer.headers.get("x-started-by")).toBe("hooked");
  expect(await answer.text()).toBe("hooked");
});

test("what a function logs, writes to the console or to stderr reaches the host's log", async () => {
  const { host, lines, said } = await startFixture(service.connectionString);
  await fetch(`${host.url}/talking`);
  const category = "Function.talking.User";
  // They come by ways of their own, in any order.
  await until(() => said("said ").length === 3);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: "warning", category, message: "said through the context: 42" }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ level: "information", category, message: "said through the console" }),
  );
  expect(said("said on")).toEqual(["said on stderr"]);
});

test("requests are shared out over the app processes, and one that ended is replaced", async () => {
  const { host, lines } = await startFixture(service.connectionString, { workers: 2 });
  const pids = async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${host.url}/echo/x`)));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { pid: number }[];
    return new Set(bodies.map((body) => body.pid));
  };
  const before = host.appPids();
  expect(await pids()).toEqual(new Set(before));
  process.kill(before[0]!, "SIGKILL");
  await until(() => host.appPids().length === 2 && !host.appPids().includes(before[0]!));
  expect(await pids()).toEqual(new Set(host.appPids()));
  expect(lines.some((line) => line.message.includes(`App process ${before[0]} ended (signal SIGKILL`))).toBe(
    true,
  );
});

test("a request in flight when its app process dies gets 502, and the next one is answered", async () => {
  const { host, said } = await startFixture(service.connectionString);
  const pending = fetch(`${host.url}/held`);
  await until(() => said("held has begun").length === 1);
  process.kill(host.appPids()[0]!, "SIGKILL");
  expect((await pending).status).toBe(502);
  expect(await (await fetch(`${host.url}/hooked`)).text()).toBe("hooked");
});

test("a request that comes while an app process is dying is answered by the one that replaces it", async () => {
  const { host } = await startFixture(service.connectionString);
  for (let round = 0; round < 3; round += 1) {
    const pid = host.appPids()[0]!;
    process.kill(pid, "SIGKILL");
    waitForEnd(pid);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => fetch(`${host.url}/stream`, { method: "POST", body: "kept" })),
    );
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual([
      "kept",
      "kept",
      "kept",
      "kept",
    ]);
    await until(() => host.appPids().length === 1);
  }
});

/** Until the system has ended the process, all of its threads. The host is not told meanwhile: it runs in this one. */
function waitForEnd(pid: number): void {
  const wait = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  // Only Linux says it without being asked by another process.
  if (process.platform !== "linux") return void wait(1_000);
  const isThere = (): boolean =>
    readdirSync(`/proc/${pid}/task`).length > 1 ||
    !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  while (isThere()) wait(10);
}

test("an invocation over the function timeout is a 500 and its app process is replaced", async () => {
  const { host, lines } = await startFixture(service.connectionString, HURRIED);
  const before = host.appPids()[0];
  expect((await fetch(`${host.url}/never`)).status).toBe(500);
  expect(lines.some((line) => line.message.includes("exceeded the function timeout of 2 s"))).toBe(true);
  expect(await (await fetch(`${host.url}/hooked`)).text()).toBe("hooked");
  expect(host.appPids()[0]).not.toBe(before);
});
