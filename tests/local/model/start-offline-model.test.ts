import OpenAI, { APIError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startOfflineModel } from "../../../local/model/start-offline-model.ts";
import { OFFLINE_STAND_IN } from "../../../shared/model/offline-stand-in.ts";
import { openAiClient } from "./open-ai-client.ts";

const MESSAGES: OpenAI.ChatCompletionMessageParam[] = [
  {
    role: "system",
    content: "Answer only from the facts below.\n\n# Facts\nThe Zephyr Kettle holds 1.7 litres.",
  },
  { role: "user", content: "How much does the Zephyr Kettle hold?" },
];

describe("the offline model, used through the openai client", () => {
  let opened: Awaited<ReturnType<typeof openAiClient>>;
  let client: OpenAI;
  beforeAll(async () => {
    opened = await openAiClient();
    client = opened.client;
  });
  afterAll(() => opened.close());

  test("names itself in its answers, whatever model was asked for, and counts tokens", async () => {
    const completion = await client.chat.completions.create({ model: "gpt-4o", messages: MESSAGES });
    expect(completion.model).toBe(OFFLINE_STAND_IN);
    expect(completion.choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { role: "assistant", content: "The Zephyr Kettle holds 1.7 litres." },
    });
    const { prompt_tokens, completion_tokens, total_tokens } = completion.usage!;
    expect(completion_tokens).toBe(9);
    expect(prompt_tokens).toBeGreaterThan(30);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
  });

  test("streams the same answer it gives whole, with usage last where that is asked for", async () => {
    const whole = await client.chat.completions.create({ model: "gpt-4o", messages: MESSAGES });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    const stream = await client.chat.completions.create({
      model: "gpt-4o",
      messages: MESSAGES,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) chunks.push(chunk);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
    expect(text).toBe(whole.choices[0]!.message.content);
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe("stop");
    expect(chunks.at(-1)).toMatchObject({ model: OFFLINE_STAND_IN, choices: [], usage: whole.usage });
  });

  test("streams no usage where none is asked for", async () => {
    const stream = await client.chat.completions.create({ model: "m", messages: MESSAGES, stream: true });
    const usages: unknown[] = [];
    for await (const chunk of stream) usages.push(chunk.usage);
    expect(usages.length).toBeGreaterThan(5);
    expect(usages.every((usage) => usage === undefined)).toBe(true);
  });

  test("cuts an answer at max_tokens and says so", async () => {
    const completion = await client.chat.completions.create({
      model: "m",
      messages: MESSAGES,
      max_tokens: 4,
    });
    expect(completion.choices[0]).toMatchObject({
      finish_reason: "length",
      message: { content: "The Zephyr Kettle holds" },
    });
    expect(completion.usage!.completion_tokens).toBe(4);
  });

  test("refuses a request without messages in OpenAI's error shape", async () => {
    const refused = await client.chat.completions
      .create({ model: "m", messages: [] })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(APIError);
    expect(refused).toMatchObject({ status: 400, type: "invalid_request_error", param: "messages" });
  });

  test("refuses a body that is no JSON with 400 and an unknown path with 404, naming the known ones", async () => {
    const broken = await fetch(`${opened.baseUrl}/chat/completions`, { method: "POST", body: "{" });
    expect(broken.status).toBe(400);
    const unknown = await fetch(`${opened.baseUrl}/images`, { method: "POST", body: "{}" });
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain("/v1/chat/completions");
  });

  test("lists its one model", async () => {
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toEqual([OFFLINE_STAND_IN]);
  });

  test("embeds texts in order as vectors of length 1, alike as floats and as base64", async () => {
    const input = [
      "How heavy is the tent?",
      "The tent weighs 1.9 kg.",
      "Gift cards never expire.",
      "The tent weighs 1.9 kg. ".repeat(40),
    ];
    const floats = await client.embeddings.create({ model: "m", input, encoding_format: "float" });
    // The client asks for base64 itself where no format is named, and decodes it.
    const decoded = await client.embeddings.create({ model: "m", input });
    expect(floats.model).toBe(OFFLINE_STAND_IN);
    expect(floats.usage.prompt_tokens).toBeGreaterThan(20);
    const [question, weight, gift, long] = floats.data.map(({ embedding }) => embedding);
    for (const vector of [question, weight, gift, long]) expect(Math.hypot(...vector!)).toBeCloseTo(1, 5);
    for (const [index, { embedding }] of decoded.data.entries()) {
      expect(embedding[7]).toBeCloseTo(floats.data[index]!.embedding[7]!, 6);
    }
    expect(dot(question!, weight!)).toBeGreaterThan(dot(question!, gift!) + 0.2);
    expect(dot(question!, long!)).toBeGreaterThan(dot(question!, gift!) + 0.2);
  });

  test("refuses an embedding of nothing", async () => {
    await expect(client.embeddings.create({ model: "m", input: [] })).rejects.toMatchObject({ status: 400 });
  });

  test("fills whatever JSON schema is asked for", async () => {
    const schema = {
      type: "object",
      properties: {
        answer: { type: "string" },
        litres: { type: "number" },
        known: { type: "boolean" },
        about: { enum: ["price", "kettle"] },
        sources: { type: "array", items: { $ref: "#/$defs/source" } },
      },
      $defs: { source: { type: "object", properties: { rank: { type: "integer", maximum: 1 } } } },
    };
    const completion = await client.chat.completions.create({
      model: "m",
      messages: MESSAGES,
      response_format: { type: "json_schema", json_schema: { name: "reply", schema } },
    });
    expect(JSON.parse(completion.choices[0]!.message.content!)).toEqual({
      answer: "The Zephyr Kettle holds 1.7 litres.",
      litres: 1.7,
      known: true,
      about: "kettle",
      sources: [{ rank: 1 }],
    });
  });

  test("says which port it could not have", async () => {
    const port = Number(new URL(opened.baseUrl).port);
    await expect(startOfflineModel({ port })).rejects.toThrow(
      new RegExp(`EADDRINUSE.*${port}.*another port`),
    );
  });

  test("answers nobody once closed", async () => {
    const closing = await startOfflineModel({ latencyMs: 1 });
    const closingClient = new OpenAI({ baseURL: closing.baseUrl, apiKey: closing.apiKey, maxRetries: 0 });
    expect((await closingClient.models.list()).data).toHaveLength(1);
    await closing.close();
    await expect(closingClient.models.list()).rejects.toThrow("Connection error");
  });
});

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
