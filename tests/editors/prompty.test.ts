import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parsePrompty } from "../../shared/flow/parse-prompty.ts";
import { frontmatterOf } from "./frontmatter-of.ts";
import { jsonDiagnostics } from "./json-language-service.ts";
import { editorSettings, WORKSPACE } from "./workspace.ts";
import { startYamlLanguageServer, type YamlLanguageServer } from "./yaml-language-server.ts";

const FILE = "flows/shop/chat.prompty";

let server: YamlLanguageServer;
beforeAll(async () => {
  server = await startYamlLanguageServer(WORKSPACE, editorSettings());
});
afterAll(() => server[Symbol.asyncDispose]());

const FIRST = `---
name: shop
model:
  api: chat
  configuration:
    type: azure_openai
    azure_deployment: \${env:DEPLOYMENT}
  parameters:
    temperature: 0.2
    max_tokens: 100
inputs:
  question: { type: string }
  chat_history: { type: list, default: [] }
sample: { question: When do you open? }
---
user:
{{ question }}
`;
const SECOND = `---
name: shop
model:
  id: gpt-4o-mini
  provider: openai
  apiType: chat
  options: { temperature: 0.2, maxOutputTokens: 100, additionalProperties: { logit_bias: {} } }
inputs:
  - { name: question, kind: string, required: true }
  - { name: history, kind: thread }
outputs:
  - { name: answer, kind: string }
tools:
  - { name: find, kind: function }
template: { format: { kind: mustache, strict: true }, parser: prompty }
---
user:
{{question}}
`;

describe("good frontmatter is not underlined", () => {
  test.each(globSync("flows/**/*.prompty", { cwd: WORKSPACE }))("%s", async (file) => {
    const text = readFileSync(path.join(WORKSPACE, file), "utf8");
    expect(await server.diagnostics(file, frontmatterOf(text))).toEqual([]);
  });

  test.each([
    ["the first dialect", FIRST],
    ["the second dialect", SECOND],
  ])("%s", async (_dialect, text) => {
    expect(await server.diagnostics(FILE, frontmatterOf(text))).toEqual([]);
  });
});

describe("what is wrong is underlined on its line of the file", () => {
  test.each([
    [
      "a temperature in words",
      FIRST,
      "temperature: 0.2",
      "temperature: warm",
      /Expected "number"|pattern|\$\{env/,
    ],
    ["a misspelt key", SECOND, "outputs:", "outptus:", /outptus is not allowed/],
    ["inputs that are a number", FIRST, /inputs:\n(?: {2}.*\n)+/, "inputs: 5\n", /Incorrect type/],
    ["an input without a name", SECOND, "{ name: history, kind", "{ kind", /Missing property "name"/],
    ["tools that are a number", SECOND, /tools:\n(?: {2}.*\n)+/, "tools: 5\n", /Incorrect type/],
  ])("%s", async (_what, good, part, bad, message) => {
    const text = good.replace(part, bad);
    const line = text.split("\n").findIndex((written) => written.includes(bad.trim())) + 1;
    expect(await server.diagnostics(FILE, frontmatterOf(text))).toContainEqual({
      line,
      message: expect.stringMatching(message),
    });
  });
});

describe("completion and hover", () => {
  test("the keys at the top", async () => {
    expect(await server.completions(FILE, "name: shop\n|")).toEqual(
      expect.arrayContaining(["model", "inputs", "outputs", "sample", "template", "tools"]),
    );
  });

  test("the model's keys and parameters, of both dialects", async () => {
    expect(await server.completions(FILE, "model:\n  |")).toEqual(
      expect.arrayContaining(["id", "options", "api", "parameters"]),
    );
    expect(await server.completions(FILE, "model:\n  parameters:\n    |")).toContain("max_tokens");
    expect(await server.completions(FILE, "model:\n  options:\n    |")).toContain("maxOutputTokens");
  });

  test("an input's keys, in a list and by name", async () => {
    const keys = expect.arrayContaining(["kind", "default", "required", "description"]);
    expect(await server.completions(FILE, "inputs:\n  - name: question\n    |")).toEqual(keys);
    expect(await server.completions(FILE, "inputs:\n  question:\n    |")).toEqual(keys);
  });

  test.each([
    ["sam|ple: { a: 1 }\n", "Never used as defaults"],
    ["model:\n  parameters:\n    max_to|kens: 5\n", "How many tokens an answer may have"],
    ["inputs:\n  question:\n    def|ault: a\n", "Used where no value is given"],
  ])("hovering over %j", async (marked, said) => {
    expect(await server.hover(FILE, marked)).toContain(said);
  });
});

test("editors and the program find the same frontmatters wrong in form", async () => {
  const scalar = fc.constantFrom("text", 5, true, null, "${env:A}");
  const value = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("id", "api", "options", "parameters", "format", "type", "a"), scalar),
    fc.array(fc.record({ name: scalar, kind: scalar }), { maxLength: 2 }),
    fc.record({ options: fc.record({ temperature: scalar, seed: scalar }) }),
    fc.record({ parameters: fc.record({ max_tokens: scalar, stop: scalar }) }),
  );
  const key = fc.constantFrom(
    "name",
    "description",
    "authors",
    "tags",
    "metadata",
    "model",
    "inputs",
    "outputs",
    "sample",
    "template",
    "tools",
  );
  await fc.assert(
    fc.asyncProperty(key, value, async (key, value) => {
      const underlined = await jsonDiagnostics("prompty.schema.json", JSON.stringify({ [key]: value }));
      const text = `---\n${JSON.stringify({ [key]: value })}\n---\nuser:\nHello\n`;
      const { diagnostics } = parsePrompty("chat.prompty", text, new Map(), { A: "a" });
      const wrong = diagnostics.filter(({ message }) => /^[\w.]+: /.test(message));
      expect({ value, wrong: wrong.length > 0 }).toEqual({ value, wrong: underlined.length > 0 });
    }),
    { numRuns: 500 },
  );
});
