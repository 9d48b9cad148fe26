import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlatform, type TestPlatform } from "./test-platform.ts";

let flowgate: TestPlatform;
beforeAll(async () => {
  flowgate = await startTestPlatform();
});
afterAll(() => flowgate[Symbol.asyncDispose]());

/** `fetch` lets nobody choose these headers. */
function statusOf(
  path: string,
  headers: Record<string, string>,
  method = "GET",
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${flowgate.platform.host.url}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once("error", reject);
    sent.end();
  });
}

test("on this machine nobody signs in", async () => {
  const { host } = new URL(flowgate.platform.host.url);
  expect(await statusOf("/api/flows", {})).toBe(200);
  expect(await statusOf("/api/flows", { origin: `http://${host}` })).toBe(200);
});

test("a page of another site gets nothing, whatever name it gives this machine", async () => {
  expect(await statusOf("/api/flows", { origin: "https://evil.example" })).toBe(403);
  expect(await statusOf("/api/flows", { "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await statusOf("/api/flows", { host: "evil.example" })).toBe(403);
  const rebound = { host: "evil.example", "x-forwarded-host": "127.0.0.1" };
  expect(await statusOf("/api/flows", rebound)).toBe(403);
  expect(await statusOf("/api/flows", { "x-forwarded-host": "evil.example" })).toBe(403);
  expect(await statusOf("/api/flows/contoso-chat/rollback", { origin: "null" }, "POST")).toBe(403);
  expect(await statusOf("/v1/models", { origin: "https://evil.example" })).toBe(403);
});
