import { expect, test } from "vitest";
import { ModelError } from "../../../shared/errors.ts";
import { judgementJsonSchema } from "../../../shared/evaluators/read-judgement.ts";
import { makeJudge } from "../../../shared/evaluators/make-judge.ts";
import type { CallContext, ChatModel, ChatRequest } from "../../../shared/ports/chat-model.ts";

const CALL: CallContext = { flow: "shop", version: "3f9a1c2e8b04", purpose: "answer" };
const QUESTION = { evaluator: "fluency", messages: [], schema: judgementJsonSchema() };

/** A chat model that refuses requests with one of these parameters. */
function modelWithout(...refused: string[]) {
  const requests: ChatRequest[] = [];
  const contexts: CallContext[] = [];
  const model: ChatModel = {
    async complete(request, context) {
      requests.push(request);
      contexts.push(context);
      if (refused.some((name) => name in request.parameters)) {
        throw new ModelError("Unsupported parameter.", { kind: "invalid", status: 400 });
      }
      return { text: "judged", finishReason: "stop", model: "m", usage: undefined, latencyMs: 1 };
    },
    stream: () => {
      throw new Error("a judge does not stream");
    },
  };
  return { model, requests, contexts };
}

test("a judge asks the judge model at temperature 0 for JSON by a schema named after the evaluator", async () => {
  const { model, requests, contexts } = modelWithout();
  expect(await makeJudge(model, "judge-model", CALL)(QUESTION)).toBe("judged");
  expect(requests).toEqual([
    {
      model: "judge-model",
      messages: [],
      parameters: {
        temperature: 0,
        response_format: {
          type: "json_schema",
          json_schema: { name: "fluency", strict: true, schema: judgementJsonSchema() },
        },
      },
    },
  ]);
  expect(contexts[0]).toMatchObject({ flow: "shop", version: "3f9a1c2e8b04", purpose: "judge" });
});

test.each([
  [["temperature"], ["response_format"]],
  [["response_format"], ["temperature"]],
  [["temperature", "response_format"], []],
])("a model without %j is asked without, from the next question on at once", async (refused, kept) => {
  const { model, requests } = modelWithout(...refused);
  await makeJudge(model, "judge-model", CALL)(QUESTION);
  const tries = requests.length;
  expect(Object.keys(requests.at(-1)?.parameters ?? {})).toEqual(kept);
  await makeJudge(model, "judge-model", CALL)(QUESTION);
  expect(requests).toHaveLength(tries + 1);
});

test("a model that refuses whatever it is asked fails with its own error", async () => {
  const { model } = modelWithout();
  const complete = () =>
    Promise.reject(new ModelError("no such deployment", { kind: "invalid", status: 404 }));
  await expect(makeJudge({ ...model, complete }, "judge-model", CALL)(QUESTION)).rejects.toThrow(
    "no such deployment",
  );
});

test("a judge's tokens are told to whoever counts those of the call", async () => {
  const { model, contexts } = modelWithout();
  const onUsage = () => undefined;
  await makeJudge(model, "judge-model", { ...CALL, onUsage })(QUESTION);
  expect(contexts[0]?.onUsage).toBe(onUsage);
});

test("a judge that brings its own model and parameters is asked by them", async () => {
  const { model, requests } = modelWithout();
  const own = { model: "other-model", parameters: { temperature: 0.7, seed: 4 } };
  await makeJudge(model, "judge-model", CALL)({ ...QUESTION, ...own });
  expect(requests[0]).toMatchObject({
    model: "other-model",
    parameters: { temperature: 0.7, seed: 4, response_format: { type: "json_schema" } },
  });
});
