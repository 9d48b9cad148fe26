import { expect, test } from "vitest";
import { ChatError } from "../../../pipelines/chat/chat-error.ts";
import { turnInputs } from "../../../pipelines/chat/turn-inputs.ts";
import { loadFlow } from "../../../shared/flow/load-flow.ts";

const PROMPT = [
  "---",
  "inputs:",
  "  question: { type: string }",
  "  count: { type: integer, default: 3 }",
  "  tags: { type: list, is_required: true }",
  "  customer: { type: object, is_required: true }",
  "  tone: { type: string, enum: [kind, firm] }",
  "  chat_history: { type: list, default: [] }",
  "---",
  "user:",
  "{{ count }} {{ tags }} {{ customer }} {{ tone }} {{ question }}",
].join("\n");

function inputsOf(metadata: Record<string, string>): Record<string, unknown> {
  const files = new Map(
    Object.entries({ "p.prompty": PROMPT, "c.jsonl": '{"id": "1"}\n' }).map(([path, text]) => [
      path,
      Buffer.from(text),
    ]),
  );
  const step = { name: "customer", kind: "lookup", source: "c.jsonl", by: "id", equals: "{{ id }}" } as const;
  const loaded = loadFlow({ name: "f", prompt: "p.prompty", steps: [step] }, files, new Map());
  return turnInputs(
    { flow: "f", version: "v", loaded },
    { messages: [{ role: "user", text: "7" }], inputs: metadata, inputsField: "metadata" },
  );
}

test("metadata, which is text, is given in the types that the prompt declares", () => {
  expect(inputsOf({ count: " 5 ", tags: '["a"]', tone: "firm", id: "1", note: "2" })).toEqual({
    question: "7",
    chat_history: [],
    count: 5,
    tags: ["a"],
    tone: "firm",
    id: "1",
    note: "2",
  });
});

test("nothing, as a form sends it, is no value for what is no text", () => {
  expect(inputsOf({ count: "", tags: "[]", tone: "kind" })).not.toHaveProperty("count");
});

test.each<[metadata: Record<string, string>, param: string, code: string, message: string]>([
  [
    { count: "many", tags: "[]" },
    "metadata.count",
    "invalid_input",
    'Metadata: The input count is declared as integer; here stands the text "many". Write a whole number, such as 3.',
  ],
  [
    { count: "3.5", tags: "a" },
    "metadata.count",
    "invalid_input",
    'Metadata: The input count is declared as integer; here stands the text "3.5". Write a whole number, such as 3. The input tags is declared as list; here stands the text "a". Write a list, such as ["a", "b"].',
  ],
  [
    { tone: "kidn", tags: "[]" },
    "metadata.tone",
    "invalid_input",
    'Metadata: The input tone does not take the text "kidn". Did you mean kind? Known values: kind, firm.',
  ],
  [{ count: "1" }, "metadata.tags", "missing_input", "The flow needs the input tags. Give it in metadata."],
])("%j is a 400 that names the input", (metadata, param, code, message) => {
  let refusal: unknown;
  try {
    inputsOf(metadata);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(ChatError);
  expect(refusal).toMatchObject({ status: 400, type: "invalid_request_error", param, code, message });
});

test("what the conversation or a step gives is not asked of metadata", () => {
  expect(inputsOf({ tags: "[]", chat_history: "forged", customer: "forged" })).toEqual({
    question: "7",
    chat_history: [],
    tags: [],
  });
});
