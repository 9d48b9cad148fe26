import { describe, expect, onTestFinished, test } from "vitest";
import { createChatModel } from "../../../shared/adapters/azure/chat-model.ts";
import { ModelError } from "../../../shared/errors.ts";
import type {
  CallContext,
  ChatDelta,
  ChatModel,
  ChatRequest,
  SpentCall,
} from "../../../shared/ports/chat-model.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { ModelSettings } from "../../../shared/settings.ts";
import { createMemoryTelemetry, type MemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import {
  chunk,
  type ModelServer,
  type Reply,
  sendAnswer,
  sendError,
  sendJson,
  sendStream,
  startModelServer,
  USAGE_CHUNK,
} from "./model-server.ts";

const CONTEXT: CallContext = {
  flow: "shop",
  version: "3f9a1c2e8b04",
  purpose: "answer",
  conversationId: "c-1",
};
const REQUEST: ChatRequest = {
  model: undefined,
  messages: [{ role: "user", content: "What does the tent weigh?" }],
  parameters: { temperature: 0, max_tokens: 50 },
};

interface Setup {
  server: ModelServer;
  model: ChatModel;
  telemetry: MemoryTelemetry;
  /** The waits between tries, in milliseconds. */
  waits: number[];
  /** The time on the clock, in milliseconds. */
  time(): number;
}

interface SetupOptions {
  captureContent?: boolean;
  concurrency?: number;
  connection?: (baseUrl: string) => ModelSettings["connection"];
}

async function setUp(replies: Reply[], options: SetupOptions = {}): Promise<Setup> {
  const server = await startModelServer(...replies);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const telemetry = createMemoryTelemetry();
  const waits: number[] = [];
  let time = 0;
  const clock: Clock = {
    now: () => new Date("2026-11-22T10:00:00Z"),
    elapsed: () => (time += 100),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      time += ms;
    },
  };
  const connection = options.connection ?? ((baseUrl) => ({ kind: "openai", baseUrl, apiKey: "key-1" }));
  const model = createChatModel(
    {
      captureContent: options.captureContent ?? false,
      model: {
        connection: connection(server.baseUrl),
        service: "test",
        chat: "chat-deployment",
        judge: "judge",
        embedding: "embedding",
        concurrency: options.concurrency ?? 4,
      },
    },
    telemetry,
    clock,
  );
  return { server, model, telemetry, waits, time: () => time };
}

async function failureOf(work: Promise<unknown>): Promise<ModelError> {
  const error = await work.then(() => undefined).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ModelError);
  return error as ModelError;
}

async function collect(deltas: AsyncIterable<ChatDelta>): Promise<ChatDelta[]> {
  const list: ChatDelta[] = [];
  for await (const delta of deltas) list.push(delta);
  return list;
}

describe("an answer in one piece", () => {
  test("carries text, the service's own model name, usage and latency", async () => {
    const { model, server } = await setUp([sendAnswer("It weighs 1.9 kg.")]);
    const answer = await model.complete(REQUEST, CONTEXT);
    expect(answer).toEqual({
      text: "It weighs 1.9 kg.",
      finishReason: "stop",
      model: "served-model-2026",
      usage: { inputTokens: 12, outputTokens: 7 },
      latencyMs: 100,
    });
    expect(server.requests[0]).toMatchObject({
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer key-1" },
      body: {
        model: "chat-deployment",
        temperature: 0,
        max_tokens: 50,
        messages: REQUEST.messages,
        stream: false,
      },
    });
  });

  test("comes from the model the request names, where it names one", async () => {
    const { model, server } = await setUp([sendAnswer("yes")]);
    await model.complete({ ...REQUEST, model: "judge" }, CONTEXT);
    expect(server.requests[0]?.body["model"]).toBe("judge");
  });

  test("goes to the deployment's path on Azure OpenAI, with the api-key header", async () => {
    const { model, server } = await setUp([sendAnswer("yes")], {
      connection: (baseUrl) => ({
        kind: "azure",
        endpoint: baseUrl.replace("/v1", "/"),
        apiKey: "azure-key",
      }),
    });
    await model.complete(REQUEST, CONTEXT);
    expect(server.requests[0]?.path).toBe(
      "/openai/deployments/chat-deployment/chat/completions?api-version=2024-10-21",
    );
    expect(server.requests[0]?.headers["api-key"]).toBe("azure-key");
  });

  test("goes to the v1 path of Azure OpenAI where the endpoint says so", async () => {
    const { model, server } = await setUp([sendAnswer("yes")], {
      connection: (baseUrl) => ({
        kind: "azure",
        endpoint: baseUrl.replace("/v1", "/openai/v1/"),
        apiKey: "azure-key",
      }),
    });
    await model.complete(REQUEST, CONTEXT);
    expect(server.requests[0]?.path).toBe("/openai/v1/chat/completions");
  });

  test("with nothing in it is an error of kind empty", async () => {
    const { model } = await setUp([sendAnswer(null), sendJson(200, { model: "m", choices: [] })]);
    expect((await failureOf(model.complete(REQUEST, CONTEXT))).kind).toBe("empty");
    expect((await failureOf(model.complete(REQUEST, CONTEXT))).kind).toBe("empty");
  });

  test("that the content filter withheld is an error of kind content_filter", async () => {
    const { model } = await setUp([sendAnswer("", "content_filter")]);
    expect((await failureOf(model.complete(REQUEST, CONTEXT))).kind).toBe("content_filter");
  });

  test("that calls a tool needs no text", async () => {
    const { model } = await setUp([sendAnswer(null, "tool_calls")]);
    expect(await model.complete(REQUEST, CONTEXT)).toMatchObject({ text: "", finishReason: "tool_calls" });
  });
});

describe("failures", () => {
  test("throttling is waited for as long as the service asks, and the caller notices nothing", async () => {
    const times: number[] = [];
    const timed = (reply: Reply): Reply => {
      return (response, request) => {
        times.push(time());
        return reply(response, request);
      };
    };
    const throttled = (headers: Record<string, string>) => timed(sendError(429, { code: "429" }, headers));
    const { model, time, server, telemetry } = await setUp([
      throttled({ "retry-after-ms": "1500", "retry-after": "9" }),
      throttled({ "retry-after": "2" }),
      throttled({ "retry-after": "Sun, 22 Nov 2026 10:00:04 GMT" }),
      timed(sendAnswer("at last")),
    ]);
    expect((await model.complete(REQUEST, CONTEXT)).text).toBe("at last");
    expect(server.requests).toHaveLength(4);
    for (const [index, asked] of [1500, 2000, 4000].entries()) {
      const waited = (times[index + 1] ?? 0) - (times[index] ?? 0);
      expect(waited).toBeGreaterThanOrEqual(asked);
      // Every look at this clock takes 100 ms.
      expect(waited).toBeLessThanOrEqual(asked + 1_000);
    }
    expect(telemetry.spans).toHaveLength(1);
    expect(telemetry.spans[0]?.attributes["flowgate.attempts"]).toBe(4);
  });

  test("a server error is repeated", async () => {
    const { model, waits } = await setUp([sendError(500, {}), sendError(503, {}), sendAnswer("fine")]);
    expect((await model.complete(REQUEST, CONTEXT)).text).toBe("fine");
    expect(waits).toHaveLength(2);
  });

  test("a connection that breaks is repeated", async () => {
    const { model } = await setUp([(response) => void response.destroy(), sendAnswer("fine")]);
    expect((await model.complete(REQUEST, CONTEXT)).text).toBe("fine");
  });

  test("a failure that stays is thrown after eight tries", async () => {
    const { model, server } = await setUp([sendError(500, { message: "down" })]);
    const failure = await failureOf(model.complete(REQUEST, CONTEXT));
    expect(failure).toMatchObject({ kind: "unavailable", retryable: true, status: 500 });
    expect(server.requests).toHaveLength(8);
  });

  test("a person who chats is not kept waiting for what asks for a minute", async () => {
    const { model, server, waits } = await setUp([sendError(429, { code: "429" }, { "retry-after": "60" })]);
    const failure = await failureOf(model.complete(REQUEST, { ...CONTEXT, purpose: "chat" }));
    expect(failure.kind).toBe("throttled");
    expect(server.requests).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test.each([
    ["quota", 429, { code: "insufficient_quota", message: "You exceeded your quota" }],
    ["content_filter", 400, { code: "content_filter", innererror: { code: "ResponsibleAIPolicyViolation" } }],
    ["content_filter", 400, { code: null, innererror: { code: "ResponsibleAIPolicyViolation" } }],
    ["context_length", 400, { code: "context_length_exceeded" }],
    ["invalid", 400, { code: "invalid_type" }],
    ["invalid", 401, { code: "invalid_api_key" }],
    ["invalid", 404, { code: "DeploymentNotFound" }],
  ])("%s (HTTP %i) is told apart and not repeated", async (kind, status, error) => {
    const { model, server, telemetry } = await setUp([sendError(status, error)]);
    const failure = await failureOf(model.complete(REQUEST, CONTEXT));
    expect(failure).toMatchObject({ kind, retryable: false, status });
    expect(server.requests).toHaveLength(1);
    expect(telemetry.spans[0]).toMatchObject({
      ended: true,
      failure: { kind, message: `${kind} (HTTP ${status})` },
    });
  });

  test("a caller who leaves ends the request upstream", async () => {
    const { model, server } = await setUp([() => undefined]);
    const controller = new AbortController();
    const answer = failureOf(model.complete(REQUEST, { ...CONTEXT, signal: controller.signal }));
    await until(() => server.requests.length === 1);
    controller.abort();
    expect((await answer).kind).toBe("aborted");
    await server.requests[0]?.left;
  });

  test("a caller who left before the call makes no request", async () => {
    const { model, server } = await setUp([sendAnswer("never")]);
    const failure = await failureOf(model.complete(REQUEST, { ...CONTEXT, signal: AbortSignal.abort() }));
    expect(failure.kind).toBe("aborted");
    expect(server.requests).toHaveLength(0);
  });

  test("a missing connection is named with the variables that set it", async () => {
    await expect(setUp([], { connection: () => undefined })).rejects.toThrow(
      /AZURE_OPENAI_ENDPOINT.*OPENAI_BASE_URL/,
    );
  });
});

describe("a stream", () => {
  test("gives each piece of text, then one last piece with finish reason and usage", async () => {
    const filterResults = { id: "", model: "", choices: [], prompt_filter_results: [] };
    const { model, server } = await setUp([
      sendStream([
        filterResults,
        chunk(""),
        chunk("It weighs "),
        chunk("1.9 kg."),
        chunk("", "stop"),
        USAGE_CHUNK,
      ]),
    ]);
    const deltas = await collect(model.stream(REQUEST, CONTEXT));
    expect(deltas.flatMap(({ text, pieces = [text] }) => pieces)).toEqual(["It weighs ", "1.9 kg.", ""]);
    expect(deltas.map((delta) => delta.finishReason)).toEqual([
      ...deltas.slice(1).map(() => undefined),
      "stop",
    ]);
    expect(deltas.at(-1)).toMatchObject({
      model: "served-model-2026",
      usage: { inputTokens: 12, outputTokens: 7 },
    });
    expect(server.requests[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  test("is repeated while nothing of it was shown", async () => {
    const { model } = await setUp([
      sendError(503, {}),
      sendStream([], "cut"),
      sendStream([chunk("fine", "stop"), USAGE_CHUNK]),
    ]);
    const deltas = await collect(model.stream(REQUEST, CONTEXT));
    expect(deltas.map((delta) => delta.text)).toEqual(["fine", ""]);
  });

  test("that breaks off after its first words fails, and is not repeated", async () => {
    const { model, server, telemetry } = await setUp([sendStream([chunk("It wei")], "cut")]);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const delta of model.stream(REQUEST, CONTEXT)) seen.push(delta.text);
    })();
    expect((await failureOf(reading)).kind).toBe("unavailable");
    expect(seen).toEqual(["It wei"]);
    expect(server.requests).toHaveLength(1);
    expect(telemetry.spans[0]).toMatchObject({ ended: true, failure: { kind: "unavailable" } });
  });

  test("that ends politely but without a finish reason counts as broken off", async () => {
    const { model } = await setUp([sendStream([chunk("It wei")])]);
    expect((await failureOf(collect(model.stream(REQUEST, CONTEXT)))).kind).toBe("unavailable");
  });

  test("without any text fails as empty", async () => {
    const { model } = await setUp([sendStream([chunk("", "stop"), USAGE_CHUNK])]);
    expect((await failureOf(collect(model.stream(REQUEST, CONTEXT)))).kind).toBe("empty");
  });

  test("of nothing but tool calls carries them as the service cut them, and is no empty answer", async () => {
    const call = (toolCall: object, finishReason: string | null = null): object => ({
      id: "chatcmpl-1",
      model: "served-model-2026",
      choices: [{ index: 0, delta: { tool_calls: [toolCall] }, finish_reason: finishReason }],
    });
    const opening = { index: 0, id: "call-1", type: "function", function: { name: "weigh", arguments: "" } };
    const rest = { index: 0, function: { arguments: '{"item":"tent"}' } };
    const { model } = await setUp([
      sendStream([chunk(""), call(opening), call(rest), chunk("", "tool_calls"), USAGE_CHUNK]),
    ]);
    const deltas = await collect(model.stream(REQUEST, CONTEXT));
    expect(deltas.flatMap(({ toolCalls }) => toolCalls ?? [])).toEqual([opening, rest]);
    expect(deltas.at(-1)).toMatchObject({ text: "", finishReason: "tool_calls", usage: { inputTokens: 12 } });
  });

  test("that is left or breaks is counted by its text, and said to be guessed", async () => {
    const { model, telemetry } = await setUp([sendStream([chunk("It weighs 1.9 kg")], "cut")]);
    const spent: unknown[] = [];
    const context = { ...CONTEXT, onUsage: (call: unknown) => void spent.push(call) };
    await failureOf(collect(model.stream(REQUEST, context)));
    for await (const _ of model.stream(REQUEST, context)) break;
    const guessed = { usage: { inputTokens: 14, outputTokens: 4 }, estimated: true };
    expect(spent).toMatchObject([guessed, guessed]);
    const counted = telemetry.values.filter(({ metric }) => metric === "gen_ai.client.token.usage");
    expect(counted.map(({ value }) => value)).toEqual([14, 4, 14, 4]);
  });

  test("that reports an error in the middle fails with its kind", async () => {
    const { model } = await setUp([
      sendStream([chunk("It"), { error: { code: "content_filter", message: "no" } }]),
    ]);
    expect((await failureOf(collect(model.stream(REQUEST, CONTEXT)))).kind).toBe("content_filter");
  });

  test("ends upstream when its reader stops", async () => {
    const { model, server, telemetry } = await setUp([sendStream([chunk("one"), chunk("two")], "hang")]);
    for await (const delta of model.stream(REQUEST, CONTEXT)) {
      expect(delta.text).toMatch(/^one/);
      break;
    }
    await server.requests[0]?.left;
    expect(telemetry.spans[0]).toMatchObject({ ended: true, failure: { kind: "aborted" } });
  });

  test("ends upstream when its signal aborts", async () => {
    const { model, server } = await setUp([sendStream([chunk("one")], "hang")]);
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of model.stream(REQUEST, { ...CONTEXT, signal: controller.signal }))
        controller.abort();
    })();
    expect((await failureOf(reading)).kind).toBe("aborted");
    await server.requests[0]?.left;
  });
});

test("whoever counts is told of every call: paid for, also where its answer was of no use, or failed", async () => {
  const { model } = await setUp([
    sendAnswer("yes"),
    sendAnswer("", "content_filter"),
    sendError(400, {}),
    sendStream([chunk("a"), chunk("b", "stop"), USAGE_CHUNK]),
  ]);
  const told: unknown[] = [];
  const context: CallContext = { ...CONTEXT, onUsage: (call) => told.push(call) };
  await model.complete(REQUEST, context);
  await failureOf(model.complete(REQUEST, context));
  await failureOf(model.complete(REQUEST, context));
  await collect(model.stream(REQUEST, context));
  const paid = { model: "served-model-2026", usage: { inputTokens: 12, outputTokens: 7 } };
  expect(told).toEqual([paid, paid, { kind: "failed", model: "chat-deployment" }, paid]);
});

test("a call whose service says no tokens is told with a guess by its letters, streamed or not", async () => {
  const silent: Reply = sendJson(200, {
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: "x".repeat(40) }, finish_reason: "stop" }],
  });
  const { model } = await setUp([silent, sendStream([chunk("x".repeat(40)), chunk("", "stop")])]);
  const told: SpentCall[] = [];
  const context: CallContext = { ...CONTEXT, onUsage: (call) => told.push(call) };
  const answer = await model.complete(REQUEST, context);
  expect(answer.usage).toBeUndefined();
  const deltas = await collect(model.stream(REQUEST, context));
  expect(deltas.at(-1)?.usage).toBeUndefined();
  const inputTokens = Math.ceil(JSON.stringify(REQUEST.messages).length / 4);
  const guessed = { usage: { inputTokens, outputTokens: 10 }, estimated: true };
  expect(told).toMatchObject([guessed, guessed]);
});

test("a call that is called off before its answer is told with a guess of what was asked, one that was never sent as failed", async () => {
  const { model, server } = await setUp([() => {}, () => {}]);
  const told: SpentCall[] = [];
  for (const streamed of [false, true]) {
    const leaving = new AbortController();
    const context: CallContext = { ...CONTEXT, signal: leaving.signal, onUsage: (call) => told.push(call) };
    const before = server.requests.length;
    const asked = streamed ? collect(model.stream(REQUEST, context)) : model.complete(REQUEST, context);
    const failure = failureOf(asked);
    await expect.poll(() => server.requests.length).toBe(before + 1);
    leaving.abort();
    expect((await failure).kind).toBe("aborted");
  }
  const inputTokens = Math.ceil(JSON.stringify(REQUEST.messages).length / 4);
  const guessed = { model: "chat-deployment", usage: { inputTokens, outputTokens: 0 }, estimated: true };
  expect(told).toEqual([guessed, guessed]);
  const context: CallContext = {
    ...CONTEXT,
    signal: AbortSignal.abort(),
    onUsage: (call) => told.push(call),
  };
  await failureOf(model.complete(REQUEST, context));
  expect(told.slice(2).filter(({ kind }) => kind !== "failed")).toEqual([]);
});

describe("places at a deployment", () => {
  test("are limited, and given back by answers, failures and streams alike", async () => {
    let underWay = 0;
    let most = 0;
    const slow: Reply = async (response, request) => {
      underWay += 1;
      most = Math.max(most, underWay);
      // The first waits for a second one; a third would come in as little time.
      await until(() => most >= 2);
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= 1;
      const reply = request.body["stream"] ? sendStream([chunk("x", "stop")]) : sendAnswer("x");
      await (request.body["user"] === "bad" ? sendError(400, {}) : reply)(response, request);
    };
    const { model } = await setUp([slow], { concurrency: 2 });
    const bad = { ...REQUEST, parameters: { user: "bad" } };
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 4 }, () => model.complete(REQUEST, CONTEXT)),
      ...Array.from({ length: 3 }, () => model.complete(bad, CONTEXT)),
      ...Array.from({ length: 3 }, () => collect(model.stream(REQUEST, CONTEXT))),
    ]);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(7);
    expect(most).toBe(2);
  });
});

describe("telemetry", () => {
  test("names the call by the GenAI conventions and by flow, version and purpose", async () => {
    const { model, telemetry } = await setUp([sendAnswer("It weighs 1.9 kg.")]);
    await model.complete(REQUEST, CONTEXT);
    expect(telemetry.spans).toEqual([
      {
        name: "chat chat-deployment",
        kind: "client",
        parent: undefined,
        ended: true,
        failure: undefined,
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": "chat-deployment",
          "gen_ai.response.model": "served-model-2026",
          "gen_ai.response.finish_reasons": '["stop"]',
          "gen_ai.usage.input_tokens": 12,
          "gen_ai.usage.output_tokens": 7,
          "gen_ai.conversation.id": "c-1",
          "server.address": "127.0.0.1",
          "flowgate.flow": "shop",
          "flowgate.version": "3f9a1c2e8b04",
          "flowgate.purpose": "answer",
        },
      },
    ]);
    const values = telemetry.values.map(({ metric, value, attributes }) => {
      return [metric, value, attributes["gen_ai.token.type"]];
    });
    expect(values).toEqual([
      ["gen_ai.client.operation.duration", expect.any(Number), undefined],
      ["gen_ai.client.token.usage", 12, "input"],
      ["gen_ai.client.token.usage", 7, "output"],
    ]);
  });

  test("records when the first text of a stream came", async () => {
    const { model, telemetry } = await setUp([sendStream([chunk("a"), chunk("b", "stop"), USAGE_CHUNK])]);
    await collect(model.stream(REQUEST, CONTEXT));
    const first = telemetry.values.filter(
      ({ metric }) => metric === "gen_ai.client.operation.time_to_first_chunk",
    );
    expect(first).toHaveLength(1);
    expect(first[0]?.value).toBeGreaterThan(0);
  });

  test("holds no text of prompts and answers unless the settings allow it", async () => {
    const quiet = await setUp([sendAnswer("a secret answer")]);
    await quiet.model.complete(REQUEST, CONTEXT);
    expect(JSON.stringify([quiet.telemetry.spans, quiet.telemetry.values])).not.toMatch(/secret|tent/);
    const open = await setUp([sendAnswer("a secret answer")], { captureContent: true });
    await open.model.complete(REQUEST, CONTEXT);
    expect(JSON.stringify(open.telemetry.spans)).toMatch(/tent.*secret/);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
