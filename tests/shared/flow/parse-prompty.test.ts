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
      { name: "question", type: "string", required: false, line: 14, column: 3 },
      { name: "tone", type: "string", default: "kind", required: false, line: 16, column: 3 },
    ],
    sample: { question: "Hi" },
    template: "system:\nBe {{ tone }}.\nuser:\n{{ question }}",
    templateLine: 23,
    format: "jinja2",
    strict: false,
    writtenImages: true,
    images: new Map(),
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
    parameters: { temperature: 0, max_completion_tokens: 50, top_p: 0.5, user: "shop" },
    inputs: [
      { name: "question", type: "string", required: true, line: 13 },
      { name: "conversation", type: "thread", required: false },
    ],
    template: "user:\n{{question}}",
    templateLine: 22,
    format: "mustache",
  });
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

test("inputs in every form: bare names, by name, described, with an object as default, null for none", () => {
  const { prompt } = parse(
    [
      "---",
      "inputs:",
      "  customer: { name: Jane, age: 3 }",
      "  tone: { default: kind }",
      "  depth: { type: number, is_required: true }",
      "  note: { kind: string, default: null }",
      "  nothing:",
      "  list: [a]",
      "  tried: { type: string, sample: x }",
      "  constructor: { kind: string, required: true }",
      "---",
      "user:",
      "Hi",
    ].join("\n"),
  );
  expect(prompt?.inputs).toMatchObject([
    { name: "customer", type: "object", default: { name: "Jane", age: 3 } },
    { name: "tone", type: "string", default: "kind" },
    { name: "depth", type: "number", required: true },
    { name: "note", type: "string", required: false },
    { name: "nothing", type: "string", required: false },
    { name: "list", type: "array", default: ["a"] },
    { name: "tried", type: "string" },
    { name: "constructor", required: true },
  ]);
  const withDefault = prompt?.inputs.filter((input) => "default" in input).map(({ name }) => name);
  expect(withDefault).toEqual(["customer", "tone", "list"]);
  expect(prompt?.sample).toEqual({ tried: "x" });
  expect(parse("---\ninputs: [question, tone]\n---\nuser:\nHi").prompt?.inputs).toMatchObject([
    { name: "question", type: "string" },
    { name: "tone", type: "string" },
  ]);
});

test("functions and prompts are offered to the model as tools, what is bound is not; others are named", () => {
  const files = new Map([
    [
      "prompts/short.prompty",
      bytes(
        "---\ndescription: Shortens.\ninputs:\n  - { name: text, kind: string, required: true }\n---\nuser:\n{{ text }}",
      ),
    ],
  ]);
  const { prompt, diagnostics } = parse(
    [
      "---",
      "tools:",
      "  - name: weather",
      "    kind: function",
      "    description: The weather.",
      "    strict: true",
      "    parameters:",
      "      - { name: city, kind: string, required: true, description: Where. }",
      "      - { name: unit, kind: string, enumValues: [C, F] }",
      "      - { name: user, kind: string, required: true }",
      "    bindings: { user: someone }",
      "  - { name: short, kind: prompty, path: ./short.prompty }",
      "  - { name: files, kind: mcp, serverName: fs }",
      "  - { name: long, kind: prompty, path: long.prompty }",
      "  - { name: weigh, kind: function, parameters: { properties: { grams: { kind: float, required: true } } } }",
      "---",
      "user:",
      "Hi",
    ].join("\n"),
    files,
  );
  expect(prompt?.parameters.tools).toEqual([
    {
      type: "function",
      function: {
        name: "weather",
        description: "The weather.",
        strict: true,
        parameters: {
          type: "object",
          properties: {
            city: { type: "string", description: "Where." },
            unit: { type: ["string", "null"], enum: ["C", "F", null] },
          },
          required: ["city", "unit"],
          additionalProperties: false,
        },
      },
    },
    {
      type: "function",
      function: {
        name: "short",
        description: "Shortens.",
        parameters: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
      },
    },
    {
      type: "function",
      function: {
        name: "weigh",
        parameters: { type: "object", properties: { grams: { type: "number" } }, required: ["grams"] },
      },
    },
  ]);
  expect(prompt?.references).toEqual(["prompts/short.prompty"]);
  expect(diagnostics.map(({ severity, line, message }) => `${severity} ${line} ${message}`)).toEqual([
    expect.stringMatching(/^warning 13 The tool files of kind mcp/),
    expect.stringMatching(/^warning 14 The tool long is the prompt long\.prompty, which does not exist/),
  ]);
});

test("declared outputs become the form that the answer is asked for in", () => {
  const { prompt } = parse(
    "---\noutputs:\n  - { name: city, kind: string, description: Where., required: true }\n  - { name: days, kind: array, required: true, items: { kind: object, properties: [{ name: high, kind: float }] } }\n---\nuser:\nHi",
  );
  expect(prompt?.parameters.response_format).toEqual({
    type: "json_schema",
    json_schema: {
      name: "structured_output",
      strict: true,
      schema: {
        type: "object",
        properties: {
          city: { type: "string", description: "Where." },
          days: {
            type: "array",
            items: {
              type: "object",
              properties: { high: { type: ["number", "null"] } },
              required: ["high"],
              additionalProperties: false,
            },
          },
        },
        required: ["city", "days"],
        additionalProperties: false,
      },
    },
  });
});

test("what the options name goes before what they pass on, and what is null is not sent", () => {
  const text =
    "---\nmodel:\n  id: gpt-4o\n  options: { temperature: 0.5, topP: null, stopSequences: [], constructor: 1, additionalProperties: { temperature: 1, user: me } }\n---\nuser:\nHi";
  expect(parse(text).prompt?.parameters).toEqual({ temperature: 0.5, constructor: 1, user: "me" });
});

test("a file's own references are resolved, and one that leads back to itself is refused", () => {
  const files = new Map([
    ["prompts/a.json", bytes('{"temperature": "${env:T:0.5}", "extra": "${file:b.yaml}"}')],
    ["prompts/b.yaml", bytes("seed: 7\n")],
    ["prompts/loop.json", bytes('{"more": "${file:loop.json}"}')],
  ]);
  expect(
    parse("---\nmodel: { id: a, options: '${file:a.json}' }\n---\nuser:\nHi", files).prompt,
  ).toMatchObject({
    parameters: { temperature: "0.5", extra: { seed: 7 } },
    references: ["prompts/a.json", "prompts/b.yaml"],
  });
  expect(parse("---\nmetadata: ${file:loop.json}\n---\nuser:\nHi", files).diagnostics).toMatchObject([
    { severity: "error", line: 2, message: "The file loop.json refers to itself." },
  ]);
});

test("images that the template names, and all that an input can name, are part of the version", () => {
  const files = new Map([
    ["prompts/a.png", bytes("GIF89a")],
    ["prompts/deep/b.jpg", bytes("GIF89a")],
    ["elsewhere.png", bytes("c")],
  ]);
  expect(parse("---\nmodel: { api: chat }\n---\nuser:\n![x](a.png)", files).prompt?.references).toEqual([
    "prompts/a.png",
  ]);
  expect(
    parse("---\ninputs: [{ name: p, kind: image }]\n---\nuser:\n{{ p }}", files).prompt?.references,
  ).toEqual(["prompts/a.png", "prompts/deep/b.jpg"]);
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
  ["---\nmodel: ${env:UNSET}\n---\nuser:\nHi", 2, 8, /'UNSET' not set/],
  ["---\ndescription: ${file:../../secret.txt}\n---\nuser:\nHi", 2, 14, /outside allowed roots/],
  ["---\ndescription: ${file:/etc/passwd}\n---\nuser:\nHi", 2, 14, /outside allowed roots/],
  ["---\ndescription: ${file:none.txt}\n---\nuser:\nHi", 2, 14, /none.txt' not found/],
  ["---\nname: x\nuser:\nHi", 1, 1, /not closed/],
  ["---\nname: a\nname: b\n---\nuser:\nHi", 3, 1, /given twice/],
  ["---\n- a\n---\nuser:\nHi", 2, 1, /must be a YAML mapping/],
  ["---\nname: a\n---\n\n\nuser:\n{% if %}x", 7, 7, /Expected an expression/],
  ["---\nname: a\n---\n", 4, 1, /no template/],
  ["---\ntemplate: handlebars\n---\nuser:\nHi", 2, 11, /no template format handlebars/],
  ["---\ntemplate: { parser: xml }\n---\nuser:\nHi", 2, 21, /no template parser xml/],
  ["---\ninputs:\n  - { kind: string }\n---\nuser:\nHi", 3, 5, /has no name/],
  ["---\ninputs:\n  - name: a\n  - name: a\n---\nuser:\n{{ a }}", 4, 5, /a is declared twice/],
  ["---\nsample: {}\n---\nuser:\n\nSee ![it](../a.png)", 6, 5, /The image \.\.\/a\.png: A path never leaves/],
  ["---\nsample: {}\n---\nuser:\n![it](none.png)", 5, 1, /no such file beside the prompt/],
  ["---\nmodel: { id: dall-e-3, apiType: image }\n---\nuser:\nHi", 2, 33, /answers by chat, not by image/],
  ["---\rname: a\r---\ruser:\r{{ x.y( }}", 5, 1, /no closing/],
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

test("an unknown kind of input is a warning that names the nearest", () => {
  expect(parse("---\ninputs:\n  - { name: a, kind: strnig }\n---\nuser:\n{{ a }}").diagnostics).toMatchObject(
    [{ severity: "warning", line: 3, column: 5, remedy: expect.stringContaining("Did you mean string?") }],
  );
});

test("what is no kind of model is told by the key that says so, in either dialect", () => {
  const remedy = (model: string) => parse(`---\nmodel: ${model}\n---\nuser:\nHi`).diagnostics[0]?.remedy;
  expect(remedy("{ api: image }")).toBe("Write model.api: chat.");
  expect(remedy("{ apiType: image }")).toBe("Write model.apiType: chat.");
});

test("a parameter that is nearly a known one is a warning, in either dialect; a service's own are not", () => {
  const text = (part: string) => `---\nmodel: { ${part} }\n---\nuser:\nHi`;
  expect(
    parse(text("parameters: { temprature: 0, top_a: 1, num_ctx: 9, top_logprobs: 1 }")).diagnostics,
  ).toEqual([
    expect.objectContaining({
      severity: "warning",
      line: 2,
      column: 24,
      remedy: "Did you mean temperature?",
    }),
  ]);
  const [slip] = parse(text("options: { maxOutputTokns: 9 }")).diagnostics;
  expect(slip?.remedy).toBe("Did you mean maxOutputTokens?");
});

test("a value that a parameter cannot have is told by what it can have", () => {
  const text = "---\nmodel: { parameters: { temperature: hot, top_p: [1] } }\n---\nuser:\nHi";
  expect(parse(text).diagnostics.map(({ message }) => message)).toEqual([
    "model.parameters.temperature: Expected a number.",
    "model.parameters.top_p: Expected a number or a text.",
  ]);
});

test("a frontmatter whose first line was lost is a warning where it ends", () => {
  expect(parse("name: shop\nmodel: m\n---\nsystem:\nBe brief.").diagnostics).toMatchObject([
    { severity: "warning", line: 3, column: 1, remedy: "Write --- as the file's first line too." },
  ]);
  expect(parse("system:\nRule one.\n\n---\nRule two.").diagnostics).toEqual([]);
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

test.each([
  ["sample: { n: 12345678901234567890 }", 14, /loses digits: it is read as 12345678901234567000/],
  ["sample: { n: 1000000000000000000000 }", 14, /loses digits: it is read as 1e\+21/],
  ["inputs: { n: 2.0 }", 14, /The number 2\.0 is read as 2, and printed so/],
  ["model: { id: m, options: { seed: 12345678901234567890 } }", 34, /loses digits/],
])("warns of a number that is not read as written: %s", (line, column, message) => {
  const { diagnostics } = parse(`---\n${line}\n---\nuser:\n{{ n }}`);
  const found = diagnostics.filter((one) => message.test(one.message));
  expect(found).toMatchObject([{ severity: "warning", line: 2, column }]);
});

test("a Mustache template's errors are found at once, and the names in its good tags count", () => {
  const body = "user:\n{{> part}} {{#items}}{{name}}\n{{/other}}{{ question";
  const text = `---\ninputs: { items: [], question: "" }\ntemplate: mustache\n---\n${body}`;
  const { diagnostics } = parse(text);
  expect(diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`).sort()).toEqual([
    "6:1 Partials are not supported: a prompt's template is one file.",
    "6:12 The section items is not closed.",
    "7:1 {{/other}} closes a section that is not open.",
    "7:11 The {{ that opens here is not closed.",
  ]);
});

test("settings of a model, exact numbers and quoted ones are none of its business", () => {
  const lines = ["model: { id: m, options: { temperature: 1.0 } }", 'sample: { a: 0.1, b: 5, c: "2.0" }'];
  const { diagnostics } = parse(`---\n${lines.join("\n")}\n---\nuser:\n{{ a }}{{ b }}{{ c }}`);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
});

test("what is wrong in a file that a prompt refers to is said there, by line and column", () => {
  const files = new Map([
    ["prompts/bad.json", bytes('{\n  "a": [1, 2\n}')],
    ["prompts/twice.json", bytes('{"a": 1,\n "a": 2}')],
    ["prompts/long.json", bytes('{"n": 12345678901234567890, "m": 2.0, "s": "3.0"}')],
    ["prompts/bad.yaml", bytes("a: 1\na: 2")],
  ]);
  const said = (file: string): unknown[] => {
    const { diagnostics } = parse(
      `---\nsample: { a: 1 }\nmetadata: "\${file:${file}}"\n---\nuser:\n{{ a }}`,
      files,
    );
    return diagnostics.map((one) => [one.severity, one.file, one.line, one.column]);
  };
  expect(said("bad.json")).toEqual([["error", "prompts/bad.json", 3, 1]]);
  expect(said("twice.json")).toEqual([["error", "prompts/twice.json", 2, 2]]);
  expect(said("bad.yaml")).toEqual([["error", "prompts/bad.yaml", 2, 1]]);
  expect(said("long.json")).toEqual([
    ["warning", "prompts/long.json", 1, 7],
    ["warning", "prompts/long.json", 1, 34],
  ]);
});

test("a variable that a connection would miss is a warning that names it, because no connection is used", () => {
  const text = [
    "---",
    "model:",
    "  id: m",
    "  connection: { kind: key, endpoint: '${env:SOME_ENDPOINT}', region: '${env:REGION:eu}' }",
    "---",
    "user:",
    "Hi",
  ].join("\n");
  const { prompt, diagnostics } = parsePrompty("a.prompty", text, new Map());
  expect(prompt).toBeDefined();
  expect(diagnostics).toMatchObject([
    {
      severity: "warning",
      line: 4,
      message: expect.stringContaining(
        "Not used: endpoint, region. Not set, and not needed here: SOME_ENDPOINT.",
      ),
    },
  ]);
  const set = parsePrompty("a.prompty", text, new Map(), { SOME_ENDPOINT: "x" });
  expect(set.diagnostics[0]?.message).not.toContain("Not set");
});
