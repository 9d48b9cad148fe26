import type { ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { ConversationTurn } from "../../cli/ask-flow.ts";
import { converse } from "../../cli/converse.ts";
import { readEventStream } from "../../cli/read-event-stream.ts";
import { type Handler, startFakePlatform } from "./fake-platform.ts";
import { flowgate, startFlowgate } from "./run-flowgate.ts";

const MODELS: Record<string, Handler> = {
  "GET /v1/models": () => ({ json: { object: "list", data: [{ id: "shop" }] } }),
};

function begin(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "x-flowgate-version": "shop@bbbbbbbbbbbb" });
}

function chunk(response: ServerResponse, value: object): void {
  response.write(`data: ${JSON.stringify(value)}\n\n`);
}

const answering: Handler = (_request, response) => {
  begin(response);
  for (const content of ["It weighs ", "2.1 kg."]) chunk(response, { choices: [{ delta: { content } }] });
  chunk(response, { choices: [{ delta: {}, finish_reason: "stop" }] });
  chunk(response, { choices: [], usage: { prompt_tokens: 120, completion_tokens: 6 } });
  response.end("data: [DONE]\n\n");
  return undefined;
};

test("the answer is printed, then the version that gave it and the tokens", async () => {
  const { environment, requests } = await startFakePlatform({
    ...MODELS,
    "POST /v1/chat/completions": answering,
  });
  const words = ["chat", "shop", "How heavy", "is the tent?", "--set", "customerId=3", "--set", "note=a=b"];
  const { code, stdout } = await flowgate(words, { environment });
  expect(code).toBe(0);
  expect(stdout).toBe("It weighs 2.1 kg.\nshop@bbbbbbbbbbbb · 120 tokens in, 6 out\n");
  expect(requests[1]?.body).toMatchObject({
    model: "shop",
    messages: [{ role: "user", content: "How heavy is the tent?" }],
    metadata: { customerId: "3", note: "a=b" },
    stream: true,
  });
});

test("an input that the version does not take is named, once it has answered; where that is not told, nothing is", async () => {
  const inputs = [{ name: "customerId", type: "string", required: false }];
  const routes = { ...MODELS, "POST /v1/chat/completions": answering };
  const told = await startFakePlatform({
    ...routes,
    "GET /api/flows/shop/versions/bbbbbbbbbbbb/inputs": () => ({
      json: { question: "question", histories: ["chat_history"], inputs },
    }),
  });
  const words = ["chat", "shop", "How heavy is it?", "--set", "costumerId=3", "--json"];
  const { code, stdout, stderr } = await flowgate(words, { environment: told.environment });
  expect([code, stderr]).toEqual([0, "warning: shop takes no input costumerId. Did you mean customerId?\n"]);
  expect(JSON.parse(stdout)).toMatchObject({ answer: "It weighs 2.1 kg." });
  const untold = await startFakePlatform(routes);
  expect(await flowgate(words, { environment: untold.environment })).toMatchObject({ code: 0, stderr: "" });
});

test("--json gives one object; the only flow need not be named; a question may come from a pipe", async () => {
  const { environment, requests } = await startFakePlatform({
    ...MODELS,
    "POST /v1/chat/completions": answering,
  });
  const { stdout } = await flowgate(["chat", "--json"], { environment, input: "How heavy is it?\n" });
  expect(JSON.parse(stdout)).toEqual({
    answer: "It weighs 2.1 kg.",
    version: "shop@bbbbbbbbbbbb",
    usage: { inputTokens: 120, outputTokens: 6 },
  });
  expect(requests[1]?.body).toMatchObject({ messages: [{ content: "How heavy is it?" }] });
  await flowgate(["chat", "how", "heavy", "is", "it"], { environment });
  expect(requests[3]?.body).toMatchObject({ model: "shop", messages: [{ content: "how heavy is it" }] });
});

test("an unknown flow lists what is in production", async () => {
  const { environment } = await startFakePlatform(MODELS);
  const { code, stderr } = await flowgate(["chat", "shpo", "How heavy is it?"], { environment });
  expect([code, stderr]).toEqual([2, "error: There is no flow shpo in production. There is: shop.\n"]);
});

test("a refusal is told in the platform's words", async () => {
  const { environment } = await startFakePlatform({
    ...MODELS,
    "POST /v1/chat/completions": () => ({ status: 429, json: { error: { message: "The model is busy." } } }),
  });
  const { code, stderr } = await flowgate(["chat", "shop", "Hello?"], { environment });
  expect([code, stderr]).toEqual([2, "error: The model is busy.\n"]);
});

test("an answer that breaks off is no answer", async () => {
  const { environment } = await startFakePlatform({
    ...MODELS,
    "POST /v1/chat/completions": (_request, response) => {
      begin(response);
      chunk(response, { choices: [{ delta: { content: "It wei" } }] });
      response.end();
      return undefined;
    },
  });
  const { code, stdout, stderr } = await flowgate(["chat", "shop", "How heavy?"], { environment });
  expect([code, stdout, stderr]).toEqual([2, "It wei\n", "error: The answer broke off. Ask again.\n"]);
});

test("an error in the middle of a stream is told", async () => {
  const { environment } = await startFakePlatform({
    ...MODELS,
    "POST /v1/chat/completions": (_request, response) => {
      begin(response);
      chunk(response, { error: { message: "The content filter stopped the answer." } });
      response.end("data: [DONE]\n\n");
      return undefined;
    },
  });
  const { code, stderr } = await flowgate(["chat", "shop", "How heavy?"], { environment });
  expect([code, stderr]).toEqual([2, "error: The content filter stopped the answer.\n"]);
});

test("the answer appears as it comes, and Ctrl-C ends it", async () => {
  const { environment } = await startFakePlatform({
    ...MODELS,
    "POST /v1/chat/completions": (_request, response) => {
      begin(response);
      chunk(response, { choices: [{ delta: { content: "It weighs" } }] });
      return undefined; // And never ends.
    },
  });
  const running = startFlowgate(["chat", "shop", "How heavy?"], { environment });
  await running.said("It weighs");
  running.interrupt();
  expect((await running.finished).code).toBe(130);
});

test("a conversation carries what was said, forgets what failed, and ends with the input", async () => {
  const input = new PassThrough();
  const asked: ConversationTurn[][] = [];
  const errors: string[] = [];
  const conversation = converse({
    input,
    output: new PassThrough().resume(),
    ask: async (messages) => {
      asked.push(messages);
      if (asked.length === 2) throw new Error("The model is busy.");
      return { answer: `answer ${asked.length}`, version: undefined, usage: undefined };
    },
    onError: (message) => errors.push(message),
  });
  input.end("one\n\ntwo\nthree\n");
  await conversation;
  expect(errors).toEqual(["The model is busy."]);
  expect(asked.map((messages) => messages.map(({ content }) => content))).toEqual([
    ["one"],
    ["one", "answer 1", "two"],
    ["one", "answer 1", "three"],
  ]);
});

test("events are read whole however the stream is cut into pieces", async () => {
  const text = ': hello\r\ndata: {"a":\ndata: "ü"}\r\n\r\nid: 7\ndata:second\n\ndata: cut off';
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.slice(index * size, (index + 1) * size),
    );
    const events: string[] = [];
    for await (const event of readEventStream(ReadableStream.from(pieces))) events.push(event);
    expect(events).toEqual(['{"a":\n"ü"}', "second"]);
  }
});
