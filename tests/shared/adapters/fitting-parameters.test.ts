import { expect, onTestFinished, test } from "vitest";
import { createChatModel } from "../../../shared/adapters/azure/chat-model.ts";
import { createSystemClock } from "../../../shared/adapters/system-clock.ts";
import type { ChatModel } from "../../../shared/ports/chat-model.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { type ModelServer, type Reply, sendAnswer, sendError, startModelServer } from "./model-server.ts";

const CONTEXT = { flow: "shop", version: "v", purpose: "answer" } as const;

async function setUp(reply: Reply): Promise<{ server: ModelServer; model: ChatModel }> {
  const server = await startModelServer(reply);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const model = createChatModel(
    {
      captureContent: false,
      model: {
        connection: { kind: "openai", baseUrl: server.baseUrl, apiKey: "key" },
        service: "test",
        chat: "chat",
        judge: "judge",
        embedding: "embedding",
        concurrency: 4,
      },
    },
    createMemoryTelemetry(),
    createSystemClock(),
  );
  return { server, model };
}

/** Refuses the first of these parameters that it is asked with, in the service's own words. */
function refusing(...names: string[]): Reply {
  return (response, request) => {
    const param = names.find((name) => name in request.body);
    const code = param === "max_tokens" ? "unsupported_parameter" : "unsupported_value";
    const error = { message: `Unsupported: '${param}'.`, type: "invalid_request_error", param, code };
    return (param === undefined ? sendAnswer("yes") : sendError(400, error))(response, request);
  };
}

const ask = (model: ChatModel, parameters: Record<string, unknown>, name?: string) =>
  model.complete({ model: name, messages: [{ role: "user", content: "hi" }], parameters }, CONTEXT);

test("a model that takes no max_tokens is asked for as many by the name it knows, and from then on at once", async () => {
  const { server, model } = await setUp(refusing("max_tokens"));
  await ask(model, { max_tokens: 400, temperature: 0 });
  expect(server.requests.map(({ body }) => [body["max_tokens"], body["max_completion_tokens"]])).toEqual([
    [400, undefined],
    [undefined, 400],
  ]);
  await ask(model, { max_tokens: 50 });
  expect(server.requests).toHaveLength(3);
  expect(server.requests[2]?.body).toMatchObject({ max_completion_tokens: 50 });
});

test("how to sample is left to a model that refuses to be told, and to no other", async () => {
  const { server, model } = await setUp(refusing("max_tokens", "temperature", "top_p"));
  await ask(model, { max_tokens: 400, temperature: 0, top_p: 0.5, seed: 7 });
  expect(server.requests).toHaveLength(4);
  expect(server.requests[3]?.body).toEqual({
    model: "chat",
    messages: [{ role: "user", content: "hi" }],
    stream: false,
    seed: 7,
    max_completion_tokens: 400,
  });
  server.replies[0] = sendAnswer("yes");
  await ask(model, { temperature: 0 }, "other");
  expect(server.requests[4]?.body).toMatchObject({ model: "other", temperature: 0 });
});

test("a refusal of anything else is the caller's to see", async () => {
  const { server, model } = await setUp(refusing("response_format"));
  await expect(ask(model, { response_format: { type: "json_object" } })).rejects.toMatchObject({
    kind: "invalid",
    status: 400,
  });
  expect(server.requests).toHaveLength(1);
});
