import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { AIChatProtocolClient } from "@microsoft/ai-chat-protocol";
import OpenAI, { APIError, AzureOpenAI, BadRequestError, NotFoundError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelServer } from "../shared/adapters/model-server.ts";
import { releaseDirectly } from "./release-directly.ts";
import { startScriptedUpstream } from "./scripted-upstream.ts";
import { startTestPlatform, type TestPlatform } from "./test-platform.ts";

const FLOW = "shop";
const PROMPT = `---
name: shop
inputs:
  question: { type: string }
tools:
  - name: order_status
    kind: function
    parameters:
      - { name: order, kind: string, required: true }
---
system:
Answer from these documents:
{% for document in documents %}{{ document.text }}
{% endfor %}
user:
{{ question }}
`;
const ARTICLES = [
  { id: "a-1", title: "Opening hours", text: "The shop opens at nine." },
  { id: "a-2", title: "Returns", text: "Tents may be returned within a month." },
];

let upstream: ModelServer;
let flowgate: TestPlatform;
let version: string;
let client: OpenAI;

beforeAll(async () => {
  upstream = await startScriptedUpstream();
  flowgate = await startTestPlatform({
    environment: { OPENAI_BASE_URL: upstream.baseUrl, OPENAI_API_KEY: "scripted" },
  });
  const documents = {
    name: "documents",
    kind: "retrieve",
    source: "articles.jsonl",
    query: "{{ question }}",
    mode: "keyword",
    top: 1,
  } as const;
  version = await releaseDirectly(
    flowgate.store,
    { name: FLOW, prompt: "chat.prompty", steps: [documents] },
    new Map([
      ["chat.prompty", PROMPT],
      ["articles.jsonl", ARTICLES.map((article) => `${JSON.stringify(article)}\n`).join("")],
    ]),
  );
  client = new OpenAI({ baseURL: `${flowgate.platform.host.url}/v1`, apiKey: "any", maxRetries: 0 });
});
afterAll(async () => {
  await flowgate[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

function asked(content: string): OpenAI.Chat.ChatCompletionMessageParam[] {
  return [{ role: "user", content }];
}

function lastRequest(): { messages: object[]; tools?: unknown; tool_choice?: unknown } {
  return upstream.requests.at(-1)?.body as ReturnType<typeof lastRequest>;
}

test("the openai client gets a version, a session that it may send again, tokens and citations", async () => {
  const { data, response } = await client.chat.completions
    .create({ model: FLOW, messages: asked("When does the shop open?") })
    .withResponse();
  expect(data.choices[0]?.message.content).toBe("You asked: When does the shop open?");
  expect(data.usage).toEqual({ prompt_tokens: 30, completion_tokens: 9, total_tokens: 39 });
  expect(data.choices[0]?.message).toMatchObject({
    context: { citations: [{ id: "a-1", title: "Opening hours", step: "documents" }] },
  });
  expect(response.headers.get("x-flowgate-version")).toBe(version);
  const session = response.headers.get("x-flowgate-session") ?? "";
  expect(session).toMatch(/^[0-9a-f-]{36}$/);
  const again = await client.chat.completions
    .create({ model: FLOW, messages: asked("And?") }, { headers: { "x-flowgate-session": session } })
    .withResponse();
  expect(again.response.headers.get("x-flowgate-session")).toBe(session);
});

test("a session of any letters is told so that it can be sent back; one that no header carries is refused", async () => {
  const ask = (user: string | undefined, headers = {}) =>
    client.chat.completions.create(
      { model: FLOW, messages: asked("Hi"), ...(user && { user }) },
      { headers },
    );
  const { data, response } = await ask("h\u00e9 50%").withResponse();
  const session = response.headers.get("x-flowgate-session") ?? "";
  expect(session).toBe("h%C3%A9 50%25");
  const again = await ask(undefined, { "x-flowgate-session": session }).withResponse();
  expect(again.response.headers.get("x-flowgate-session")).toBe(session);
  const feedback = await fetch(`${flowgate.platform.host.url}/api/feedback`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ flow: FLOW, turn: data.id, session, rating: "up" }),
  });
  expect(feedback.status).toBe(200);
  const before = upstream.requests.length;
  for (const user of ["a\ud83d", "a".repeat(20_000)]) {
    await expect(ask(user)).rejects.toThrow(BadRequestError);
  }
  expect(upstream.requests).toHaveLength(before);
});

test("a stream begins with its citations, and ends with the tokens where they are asked for", async () => {
  const stream = await client.chat.completions.create({
    model: FLOW,
    messages: asked("May I return a tent?"),
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks: OpenAI.Chat.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks[0]?.choices[0]?.delta).toMatchObject({
    context: { citations: [{ id: "a-2", title: "Returns" }] },
  });
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
  expect(text).toBe("You asked: May I return a tent?");
  expect(chunks.at(-1)?.usage?.completion_tokens).toBe(9);
  expect(new Set(chunks.map((chunk) => chunk.system_fingerprint))).toEqual(new Set([version]));
});

test("tools go through both ways, streamed and not: the call, its result, and the answer from it", async () => {
  const tools: OpenAI.Chat.ChatCompletionTool[] = [
    { type: "function", function: { name: "order_status", parameters: { type: "object", properties: {} } } },
  ];
  const question = asked("Please call a tool for order 7");
  const whole = await client.chat.completions.create({ model: FLOW, messages: question, tools });
  expect(whole.choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
  const streamed = await client.chat.completions
    .stream({ model: FLOW, messages: question, tools, tool_choice: "required" })
    .finalChatCompletion();
  expect(lastRequest().tool_choice).toBe("required");

  const called = streamed.choices[0]?.message.tool_calls ?? [];
  expect(called).toMatchObject(whole.choices[0]?.message.tool_calls ?? [{}]);
  expect(called).toMatchObject([{ id: "call-1", function: { arguments: '{"order":"7"}' } }]);

  const calling = { role: "assistant" as const, content: null, tool_calls: called };
  const result = { role: "tool" as const, tool_call_id: "call-1", content: "on its way" };
  const answered = await client.chat.completions.create({
    model: FLOW,
    messages: [...question, calling, result],
    tools,
  });
  expect(answered.choices[0]?.message.content).toBe("It is on its way");
  expect(lastRequest().messages.slice(1)).toMatchObject([
    { role: "user", content: "Please call a tool for order 7" },
    { role: "assistant", tool_calls: [{ id: "call-1" }] },
    { role: "tool", tool_call_id: "call-1", content: "on its way" },
  ]);

  await client.chat.completions.create({
    model: FLOW,
    messages: [
      ...question,
      calling,
      result,
      { role: "assistant", content: "It is on its way" },
      ...asked("Thanks"),
    ],
  });
  expect(lastRequest().messages.map((message) => (message as { role: string }).role)).toEqual([
    "system",
    "user",
    "assistant",
    "tool",
    "assistant",
    "user",
  ]);
});

test("a tool that the flow's prompt does not have is not offered to the model", async () => {
  const tools: OpenAI.Chat.ChatCompletionTool[] = [
    { type: "function", function: { name: "delete_everything" } },
  ];
  await client.chat.completions.create({ model: FLOW, messages: asked("Hello"), tools, tool_choice: "auto" });
  expect(lastRequest()).not.toHaveProperty("tools");
  expect(lastRequest()).not.toHaveProperty("tool_choice");
  const refused = await client.chat.completions
    .create({
      model: FLOW,
      messages: asked("Hello"),
      tool_choice: { type: "function", function: { name: "delete_everything" } },
    })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(BadRequestError);
  expect(refused).toMatchObject({ param: "tool_choice", code: "invalid_tool_choice" });
});

test("one model is told of by its name; another is the client's NotFoundError", async () => {
  expect(await client.models.retrieve(FLOW)).toMatchObject({ id: FLOW, object: "model" });
  const missing = await client.models.retrieve("nobody").catch((error: unknown) => error);
  expect(missing).toBeInstanceOf(NotFoundError);
  expect(missing).toMatchObject({ code: "model_not_found", type: "invalid_request_error", param: "model" });
});

test.each([
  ["what Flowgate has not", () => client.responses.create({ model: FLOW, input: "Hello" })],
  ["a method that an address has not", () => client.chat.completions.list()],
  [
    "a base address without its path",
    () =>
      client
        .withOptions({ baseURL: flowgate.platform.host.url })
        .chat.completions.create({ model: FLOW, messages: asked("Hello") }),
  ],
  [
    "Azure's addresses",
    () =>
      new AzureOpenAI({
        endpoint: flowgate.platform.host.url,
        apiKey: "any",
        apiVersion: "2024-10-21",
        maxRetries: 0,
      }).chat.completions.create({ model: FLOW, messages: asked("Hello") }),
  ],
])("%s is a NotFoundError that says what there is", async (_what, ask) => {
  const missing = await ask().catch((error: unknown) => error);
  expect(missing).toBeInstanceOf(NotFoundError);
  expect(missing).toMatchObject({ code: "unknown_url", type: "invalid_request_error" });
  expect(String(missing)).toContain("There are POST /v1/chat/completions");
});

test("a body that is no JSON is refused with what is wrong with it", async () => {
  const refused = async (path: string, body: string): Promise<unknown> => {
    const url = `${flowgate.platform.host.url}/${path}`;
    return (await fetch(url, { method: "POST", body })).json();
  };
  for (const path of ["v1/chat/completions", `api/chat/${FLOW}`, "api/feedback"]) {
    expect(await refused(path, '{"model": "sh')).toMatchObject({
      error: { code: "invalid_json", message: expect.stringContaining("Unterminated string") },
    });
  }
});

test.each([false, true])("a failed answer tells its version and session too (stream: %s)", async (stream) => {
  const response = await fetch(`${client.baseURL}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: FLOW, messages: asked("refuse"), stream }),
  });
  expect(response.status).toBe(502);
  expect(response.headers.get("x-flowgate-version")).toBe(version);
  expect(response.headers.get("x-flowgate-session")).toMatch(/^[0-9a-f-]{36}$/);
});

test("a stream that breaks upstream ends as the client's error, with a code", async () => {
  const stream = await client.chat.completions.create({
    model: FLOW,
    messages: asked("break"),
    stream: true,
  });
  let text = "";
  const reading = (async () => {
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  })();
  const failure = await reading.catch((error: unknown) => error);
  expect(text).toBe("You asked: break");
  expect(failure).toBeInstanceOf(APIError);
  expect(failure).toMatchObject({ code: "model_unavailable" });
});

test("Microsoft's client gets message, session state, version and citations, whole and streamed", async () => {
  const chat = new AIChatProtocolClient(`${flowgate.platform.host.url}/api/chat/${FLOW}`);
  const whole = await chat.getCompletion([{ role: "user", content: "When does the shop open?" }]);
  expect(whole.message).toEqual({ role: "assistant", content: "You asked: When does the shop open?" });
  expect(whole.context).toMatchObject({ version, citations: [{ id: "a-1", title: "Opening hours" }] });
  const { sessionState } = whole;
  const deltas = [];
  const streamed = await chat.getStreamedCompletion(
    [
      { role: "user", content: "When does the shop open?" },
      whole.message,
      { role: "user", content: "May I return a tent?" },
    ],
    { sessionState },
  );
  for await (const delta of streamed) deltas.push(delta);
  expect(deltas[0]).toMatchObject({
    delta: { role: "assistant" },
    sessionState,
    context: { version, citations: [{ id: "a-2", title: "Returns" }] },
  });
  expect(deltas.map(({ delta }) => delta.content ?? "").join("")).toBe("You asked: May I return a tent?");
  expect(deltas.at(-1)?.context).toMatchObject({ finishReason: "stop", usage: { outputTokens: 9 } });
  expect(lastRequest().messages.map((message) => (message as { role: string }).role)).toEqual([
    "system",
    "user",
    "assistant",
    "user",
  ]);
});

test("Microsoft's client is refused with a code and a reason, also half way", async () => {
  const missing = new AIChatProtocolClient(`${flowgate.platform.host.url}/api/chat/nobody`);
  const messages = [{ role: "user" as const, content: "break" }];
  await expect(missing.getCompletion(messages)).rejects.toMatchObject({
    code: "model_not_found",
    message: expect.stringContaining(FLOW),
  });
  const chat = new AIChatProtocolClient(`${flowgate.platform.host.url}/api/chat/${FLOW}`);
  const reading = (async () => {
    for await (const _ of await chat.getStreamedCompletion(messages));
  })();
  await expect(reading).rejects.toMatchObject({ code: "model_unavailable" });
});

test("health says live and ready", async () => {
  const live = await fetch(`${flowgate.platform.host.url}/health/live`);
  expect(await live.json()).toMatchObject({ status: "ok" });
  const ready = await fetch(`${flowgate.platform.host.url}/health/ready`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ status: "ok", storage: "ok", flows: 1 });
  const probed = await fetch(`${flowgate.platform.host.url}/health/ready`, { method: "HEAD" });
  expect(probed.status).toBe(200);
});

const DOCUMENT = path.resolve(import.meta.dirname, "../../docs/chat.md");

test("every curl of the guide answers as the guide says", async () => {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(DOCUMENT, "utf8");
  const examples = [...text.matchAll(/```sh\n(curl [\s\S]*?)```\n+gives[^`\n]*(?:`([^`]+)`)?/g)];
  expect(examples.length).toBeGreaterThan(5);
  for (const [, command = "", said = ""] of examples) {
    const here = command
      .replaceAll("http://127.0.0.1:7071", flowgate.platform.host.url)
      .replaceAll("contoso-chat", FLOW);
    const { stdout } = await promisify(execFile)("sh", ["-c", here]);
    expect(`${command}\n${stdout}`).toContain(said);
  }
});
