import { expect, test } from "vitest";
import { ChatError } from "../../../pipelines/chat/chat-error.ts";
import { checkInputLength, checkLength } from "../../../pipelines/chat/check-length.ts";
import { readOpenaiRequest } from "../../../pipelines/chat/openai-request.ts";
import { loadFlow } from "../../../shared/flow/load-flow.ts";

const LONG = "x".repeat(2_000_001);

function refusalOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof ChatError) return error.body().error;
    throw error;
  }
  return undefined;
}

function deep(levels: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

test.each<[string, object[]]>([
  ["texts", [{ role: "user", content: LONG }]],
  ["texts in parts", [{ role: "user", content: [{ type: "text", text: LONG }] }]],
  ["messages without a word", Array.from({ length: 10_001 }, () => ({ role: "user", content: "" }))],
  ["calls of tools", [{ role: "assistant", tool_calls: [{ function: { name: "f", arguments: LONG } }] }]],
  ["calls too deep to be written", [{ role: "assistant", tool_calls: [{ a: deep(100_000) }] }]],
  ["names", [{ role: "user", content: "", name: LONG }]],
])("too much is refused before a version is asked: %s", (_what, messages) => {
  const refused = refusalOf(() => checkLength(readOpenaiRequest({ model: "shop", messages })));
  expect(refused).toMatchObject({ code: "request_too_large", param: "messages" });
});

test("inputs are bounded as well, but for images", () => {
  const prompt =
    "---\nmodel: {api: chat}\ninputs:\n  photo: {type: image}\n  note: {type: string}\n---\nuser:\n![photo]({{photo}})\n{{note}} {{question}}";
  const files = new Map([["chat.prompty", Buffer.from(prompt)]]);
  const flow = loadFlow({ name: "shop", prompt: "chat.prompty", steps: [] }, files, new Map());
  const check = (inputs: Record<string, string>) => () =>
    checkInputLength(flow, { inputs, inputsField: "metadata" });
  expect(refusalOf(check({ note: LONG }))).toMatchObject({ code: "request_too_large", param: "metadata" });
  expect(refusalOf(check({ photo: LONG, note: "what is it?" }))).toBeUndefined();
});

test("a part that is no text is refused, not left out", () => {
  const ask = (content: object[]) => () =>
    readOpenaiRequest({ model: "shop", messages: [{ role: "user", content }] });
  const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
  expect(refusalOf(ask([{ type: "text", text: "What is this?" }, image]))).toMatchObject({
    code: "unsupported_content",
    param: "messages.0.content",
    message: expect.stringContaining('"image_url" are not read'),
  });
  // Whatever is written beside it.
  expect(refusalOf(ask([{ ...image, text: "What is this?" }]))).toMatchObject({
    code: "unsupported_content",
  });
  expect(
    refusalOf(
      ask([
        { type: "text", text: "a" },
        { type: "input_text", text: "b" },
        { type: "refusal", refusal: "no" },
      ]),
    ),
  ).toBeUndefined();
  expect(refusalOf(ask([{ type: "text" }]))).toMatchObject({
    code: "invalid_request",
    message: 'messages.0.content: a part of the type "text" has no text.',
  });
});
