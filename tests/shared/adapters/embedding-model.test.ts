import { expect, onTestFinished, test } from "vitest";
import { createEmbeddingModel } from "../../../shared/adapters/azure/embedding-model.ts";
import { createSystemClock } from "../../../shared/adapters/system-clock.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { type Reply, sendError, sendJson, startModelServer } from "./model-server.ts";

const CONTEXT = { flow: "shop", version: undefined, purpose: "step" } as const;

async function setUp(...replies: Reply[]) {
  const server = await startModelServer(...replies);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const telemetry = createMemoryTelemetry();
  const connection = { kind: "openai" as const, baseUrl: server.baseUrl, apiKey: undefined };
  const names = { service: "test", chat: "chat", judge: "judge", embedding: "embedder" };
  const settings = { model: { connection, ...names, concurrency: 4 } };
  return { server, telemetry, model: createEmbeddingModel(settings, telemetry, createSystemClock()) };
}

/** Answers a text by its length and 4, as base64 or as numbers, in reverse order. */
function sendVectors(form: "base64" | "float"): Reply {
  return (response, request) => {
    const texts = request.body["input"] as string[];
    const data = texts
      .map((text, index) => {
        const vector = Float32Array.of(text.length, 4);
        const embedding = form === "base64" ? Buffer.from(vector.buffer).toString("base64") : [...vector];
        return { index, embedding };
      })
      .toReversed();
    const usage = { prompt_tokens: texts.length, total_tokens: texts.length };
    return sendJson(200, { model: "served-embedder", data, usage })(response, request);
  };
}

test.each(["base64", "float"] as const)(
  "vectors come in order and of length 1, whatever the form: %s",
  async (form) => {
    const { model, server } = await setUp(sendVectors(form));
    const vectors = await model.embed(["abc", "", "abcdefgh"], CONTEXT);
    expect(vectors.map((vector) => [...vector].map((value) => value.toFixed(3)))).toEqual([
      ["0.600", "0.800"],
      ["0.243", "0.970"],
      ["0.894", "0.447"],
    ]);
    expect(server.requests[0]?.body).toMatchObject({ model: "embedder", input: ["abc", " ", "abcdefgh"] });
    expect(model.name).toBe("embedder");
  },
);

test("many texts go in batches of 256 and come back in order", async () => {
  const { model, server } = await setUp(sendVectors("base64"));
  const texts = Array.from({ length: 600 }, (_, index) => "x".repeat(index + 1));
  const vectors = await model.embed(texts, CONTEXT);
  const sizes = server.requests.map((request) => (request.body["input"] as string[]).length);
  expect(sizes.sort((a, b) => b - a)).toEqual([256, 256, 88]);
  const slopes = vectors.map((vector) => Math.round(((vector[0] ?? 0) / (vector[1] ?? 1)) * 4));
  expect(slopes).toEqual(texts.map((text) => text.length));
});

test("a query asked again is not paid for again, and no text needs no call", async () => {
  const { model, server } = await setUp(sendVectors("base64"));
  const first = await model.embed(["the same"], CONTEXT);
  expect(await model.embed(["the same"], CONTEXT)).toEqual(first);
  expect(await model.embed([], CONTEXT)).toEqual([]);
  expect(server.requests).toHaveLength(1);
});

test("the oldest of a thousand queries is forgotten first, and one in use is not the oldest", async () => {
  const { model, server } = await setUp(sendVectors("base64"));
  const ask = (text: string) => model.embed([text], CONTEXT);
  await ask("kept");
  await ask("forgotten");
  for (let index = 0; index < 998; index += 1) await ask(`query ${index}`);
  await ask("kept");
  await ask("one more");
  const before = server.requests.length;
  await ask("kept");
  expect(server.requests).toHaveLength(before);
  await ask("forgotten");
  expect(server.requests).toHaveLength(before + 1);
});

test("throttling is waited for", async () => {
  const { model } = await setUp(
    sendError(429, { code: "429" }, { "retry-after-ms": "5" }),
    sendVectors("base64"),
  );
  expect(await model.embed(["a", "b"], CONTEXT)).toHaveLength(2);
});

test("an answer with too few vectors or one without direction is an error of kind empty", async () => {
  const zero = Buffer.from(Float32Array.of(0, 0).buffer).toString("base64");
  const { model } = await setUp(
    sendJson(200, { model: "m", data: [] }),
    sendJson(200, { model: "m", data: [{ index: 0, embedding: zero }] }),
  );
  await expect(model.embed(["a"], CONTEXT)).rejects.toMatchObject({ kind: "empty" });
  await expect(model.embed(["a"], CONTEXT)).rejects.toMatchObject({ kind: "empty" });
});

test("each batch is a span with its tokens", async () => {
  const { model, telemetry } = await setUp(sendVectors("base64"));
  await model.embed(["a", "b"], CONTEXT);
  expect(telemetry.spans[0]).toMatchObject({
    name: "embeddings embedder",
    kind: "client",
    ended: true,
    attributes: {
      "gen_ai.operation.name": "embeddings",
      "gen_ai.response.model": "served-embedder",
      "gen_ai.usage.input_tokens": 2,
      "flowgate.purpose": "step",
    },
  });
  const tokens = telemetry.values.filter(({ metric }) => metric === "gen_ai.client.token.usage");
  expect(tokens.map(({ value, attributes }) => [value, attributes["gen_ai.token.type"]])).toEqual([
    [2, "input"],
  ]);
});
