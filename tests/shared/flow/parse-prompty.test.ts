import { expect, test } from "vitest";
import { parsePrompty } from "../../../shared/flow/parse-prompty.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (
  text: string,
  files = new Map<string, Uint8Array>(),
  environment: Record<string, string> = {},
) => parsePrompty("prompts/chat.prompty", text, files, environment);

test("reads the first dialect", () => {
  const { prompt, diagnostics } = parse(
    [
      "---",
      "name: Shop",
      "description: Answers.",
      "authors: [someone]",
      "model:",
      "  api: chat",
      "  configuration:",
      "    type: azure_openai",
      "    azure_deployment: gpt-4o-mini",
      "  parameters:",
      "    temperature: 0.2",
      "    max_tokens: 128",
      "inputs:",
      "  question:",
      "    type: string",
      "  tone:",
      "    type: string",
      "    default: kind",
      "sample:",
      "  question: Hi",
      "---",
      "",
      "system:",
      "Be {{ tone }}.",
      "user:",
      "{{ question }}",
    ].join("\r\n"),
  );
  expect(diagnostics).toEqual([]);
  expect(prompt).toEqual({
    path: "prompts/chat.prompty",
    name: "Shop",
    description: "Answers.",
    model: "gpt-4o-mini",
    parameters: { temperature: 0.2, max_tokens: 128 },
    inputs: [
      { name: "question", type: "string", required: false, line: 14 },
      { name: "tone", type: "string", default: "kind", required: false, line: 16 },
    ],
    template: "system:\nBe {{ tone }}.\nuser:\n{{ question }}",
    templateLine: 23,
    format: "jinja2",
    references: [],
  });
});

test("reads the second dialect", () => {
  const { prompt, diagnostics } = parse(`---
name: Shop
model:
  id: gpt-4o
  provider: openai
  apiType: chat
  options:
    temperature: 0
    maxOutputTokens: 50
    topP: 0.5
    additionalProperties: { user: shop }
inputs:
  - name: question
    kind: string
    required: true
  - name: conversation
    kind: thread
template:
  format: { kind: mustache }
  parser: { kind: prompty }
---
user:
{{question}}
`);
  expect(diagnostics).toEqual([]);
  expect(prompt).toMatchObject({
    model: "gpt-4o",
    parameters: { temperature: 0, max_tokens: 50, top_p: 0.5, user: "shop" },
    inputs: [
      { name: "question", type: "string", required: true, line: 13 },
      { name: "conversation", type: "thread", required: false },
    ],
    template: "user:\n{{question}}",
    templateLine: 22,
    format: "mustache",
  });
});

test("reasoning models get their own name for the token limit", () => {
  const text = "---\nmodel: { id: o4-mini, options: { maxOutputTokens: 9 } }\n---\nuser:\nHi";
  expect(parse(text).prompt?.parameters).toEqual({ max_completion_tokens: 9 });
});

test("shorthands: a model's name, inputs with values, a template's name, no frontmatter at all", () => {
  const { prompt } = parse(
    "---\nmodel: gpt-4o\ninputs: { name: Jane, count: 2 }\ntemplate: mustache\n---\nuser:\n{{name}}",
  );
  expect(prompt).toMatchObject({
    model: "gpt-4o",
    format: "mustache",
    inputs: [
      { name: "name", type: "string", default: "Jane" },
      { name: "count", type: "integer", default: 2 },
    ],
  });
  expect(parse("Just text").prompt).toMatchObject({ name: "chat", template: "Just text", templateLine: 1 });
});

test("references to files beside the prompt are resolved and named", () => {
  const files = new Map([
    ["prompts/parts/tone.txt", bytes("kind")],
    ["prompts/options.json", bytes('{"temperature": 1}')],
  ]);
  const text =
    "---\nmodel: { id: '${env:MODEL:gpt-4o}', options: '${file:options.json}' }\ninputs: { tone: '${FILE:parts/tone.txt}' }\n---\nuser:\n{{ tone }}";
  expect(parse(text, files).prompt).toMatchObject({
    model: "gpt-4o",
    parameters: { temperature: 1 },
    inputs: [{ name: "tone", default: "kind" }],
    references: ["prompts/options.json", "prompts/parts/tone.txt"],
  });
  expect(parse(text, files, { MODEL: "gpt-4.1" }).prompt?.model).toBe("gpt-4.1");
});

test("a sample's reference need not be there", () => {
  expect(parse("---\nsample: ${file:sample.json}\n---\nuser:\nHi").diagnostics).toEqual([]);
});

test("connections are ignored with a warning", () => {
  const { prompt, diagnostics } = parse(
    "---\nmodel:\n  api: chat\n  configuration:\n    type: azure_openai\n    azure_endpoint: ${env:ENDPOINT}\n    api_key: ${env:KEY}\n---\nuser:\nHi",
  );
  expect(prompt).toBeDefined();
  expect(diagnostics).toEqual([
    expect.objectContaining({
      severity: "warning",
      line: 4,
      message: expect.stringContaining("azure_endpoint, api_key"),
    }),
  ]);
});

test.each([
  [
    "---\nmodel:\n  configuration:\n    api_key: abc123\n---\nuser:\nHi",
    4,
    14,
    /secret is written into the file: api_key/,
  ],
  ["---\nmodel:\n  connection: { kind: key, apiKey: abc }\n---\nuser:\nHi", 3, 36, /secret/],
  ["---\nmodel: ${env:UNSET}\n---\nuser:\nHi", 2, 8, /UNSET is not set/],
  ["---\ndescription: ${file:../../secret.txt}\n---\nuser:\nHi", 2, 14, /outside allowed roots/],
  ["---\ndescription: ${file:/etc/passwd}\n---\nuser:\nHi", 2, 14, /outside allowed roots/],
  ["---\ndescription: ${file:none.txt}\n---\nuser:\nHi", 2, 14, /does not exist/],
  ["---\nname: x\nuser:\nHi", 1, 1, /not closed/],
  ["---\nname: a\nname: b\n---\nuser:\nHi", 3, 1, /given twice/],
  ["---\n- a\n---\nuser:\nHi", 2, 1, /not a mapping/],
  ["---\nname: a\n---\n\n\nuser:\n{% if %}x", 7, 7, /Expected an expression/],
  ["---\nname: a\n---\n", 4, 1, /no template/],
  ["---\ntemplate: handlebars\n---\nuser:\nHi", 2, 11, /no template format handlebars/],
  ["---\nmodel: { id: dall-e-3, apiType: image }\n---\nuser:\nHi", 2, 8, /answers by chat, not by image/],
])("refuses %j at its place", (text, line, column, message) => {
  const { prompt, diagnostics } = parse(text);
  expect(prompt).toBeUndefined();
  expect(diagnostics).toContainEqual(
    expect.objectContaining({
      severity: "error",
      file: "prompts/chat.prompty",
      line,
      column,
      message: expect.stringMatching(message),
    }),
  );
});

test("an unknown key is a warning that names the nearest", () => {
  expect(parse("---\ninput: {}\n---\nuser:\nHi").diagnostics).toEqual([
    expect.objectContaining({
      severity: "warning",
      line: 2,
      remedy: expect.stringContaining("Did you mean inputs?"),
    }),
  ]);
});
