import OpenAI, { APIError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelServer } from "../shared/adapters/model-server.ts";
import { releaseDirectly } from "./release-directly.ts";
import { startScriptedUpstream } from "./scripted-upstream.ts";
import { writeSmallFlow } from "./small-flow.ts";
import { startTestPlatform, type TestPlatform } from "./test-platform.ts";

let upstream: ModelServer;
let flowgate: TestPlatform;
let client: OpenAI;

beforeAll(async () => {
  upstream = await startScriptedUpstream();
  flowgate = await startTestPlatform({
    environment: { OPENAI_BASE_URL: upstream.baseUrl, OPENAI_API_KEY: "scripted" },
  });
  await releaseDirectly(
    flowgate.store,
    { name: "shop", prompt: "chat.prompty", steps: [] },
    writeSmallFlow("shop"),
  );
  client = new OpenAI({ baseURL: `${flowgate.platform.host.url}/v1`, apiKey: "any", maxRetries: 0 });
});
afterAll(async () => {
  await flowgate[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

function streamOf(content: string) {
  return client.chat.completions.create({
    model: "shop",
    messages: [{ role: "user", content }],
    stream: true,
  });
}

test("a client that leaves half way ends the model's answer", async () => {
  const stream = await streamOf("stall");
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
  await expect(upstream.requests.at(-1)?.left).resolves.toBeUndefined();
});

test("a client that leaves before a whole answer ends the model's answer", async () => {
  const leaving = new AbortController();
  const before = upstream.requests.length;
  const asked = client.chat.completions
    .create({ model: "shop", messages: [{ role: "user", content: "wait" }] }, { signal: leaving.signal })
    .catch((error: unknown) => error);
  await expect.poll(() => upstream.requests.length).toBe(before + 1);
  leaving.abort();
  await upstream.requests.at(-1)?.left;
  expect(await asked).toBeInstanceOf(OpenAI.APIUserAbortError);
});

test("a model that never stops writing is stopped, and its client told", async () => {
  const stream = await streamOf("flood");
  let characters = 0;
  const reading = (async () => {
    for await (const chunk of stream) characters += chunk.choices[0]?.delta.content?.length ?? 0;
  })();
  const failure = await reading.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(APIError);
  expect(failure).toMatchObject({ code: "answer_too_long" });
  expect(characters).toBeGreaterThan(1_000_000);
  expect(characters).toBeLessThan(4_000_000);
  await upstream.requests.at(-1)?.left;
});
