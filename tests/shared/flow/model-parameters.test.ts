import { expect, test } from "vitest";
import { parsePrompty } from "../../../shared/flow/parse-prompty.ts";

const parse = (text: string) => parsePrompty("chat.prompty", text, new Map());

test.each<[model: string, parameters: object, warned: boolean]>([
  ["id: o4-mini", { max_completion_tokens: 9 }, true],
  ["id: gpt-4o", { max_completion_tokens: 9 }, true],
  ["id: mine, provider: azure", { max_completion_tokens: 9 }, true],
  ["id: mine, provider: openai", { max_completion_tokens: 9 }, true],
  ["id: gpt-oss:20b", { max_tokens: 9, top_k: 5 }, false],
  ["id: llama3", { max_tokens: 9, top_k: 5 }, false],
  ["id: gpt-4o, provider: anthropic", { max_tokens: 9, top_k: 5 }, false],
])(
  "the token limit goes by the name that the model takes, and topK only to one that takes it: %s",
  (model, parameters, warned) => {
    const text = `---\nmodel: { ${model}, options: { maxOutputTokens: 9, topK: 5 } }\n---\nuser:\nHi`;
    const { prompt, diagnostics } = parse(text);
    expect(prompt?.parameters).toEqual(parameters);
    expect(diagnostics.map(({ severity, line, message }) => `${line} ${severity} ${message}`)).toEqual(
      warned ? ["2 warning OpenAI's models take no topK: it is not sent."] : [],
    );
  },
);

test("the first dialect's tools in Prompty's own form become the service's, and those in the service's form stay", () => {
  const own = [
    "---",
    "model:",
    "  api: chat",
    "  parameters:",
    "    temperature: 0",
    "    tools:",
    "      - name: weather",
    "        kind: function",
    "        description: Looks out of the window.",
    "        parameters: { properties: [{ name: town, kind: string, required: true }] }",
    "      - { name: search, kind: mcp }",
    "---",
    "user:",
    "Hi",
  ].join("\n");
  const { prompt, diagnostics } = parse(own);
  expect(prompt?.parameters).toEqual({
    temperature: 0,
    tools: [
      {
        type: "function",
        function: {
          name: "weather",
          description: "Looks out of the window.",
          parameters: {
            type: "object",
            properties: { town: { type: "string" } },
            required: ["town"],
          },
        },
      },
    ],
  });
  expect(diagnostics).toMatchObject([{ severity: "warning", line: 11, column: 9 }]);
  const service =
    '[{ "type": "function", "function": { "name": "f", "parameters": {} } }, { "type": "web" }]';
  const kept = parse(`---\nmodel: { parameters: { tools: ${service} } }\n---\nuser:\nHi`);
  expect(kept.prompt?.parameters.tools).toEqual(JSON.parse(service));
  expect(kept.diagnostics).toEqual([]);
});

test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
  "an input called %s has no sample and no default that nobody wrote",
  (name) => {
    const { prompt, diagnostics } = parse(
      `---\ninputs: { ${name}: { type: string } }\n---\nuser:\n{{ ${name} }}`,
    );
    expect(diagnostics).toEqual([]);
    expect(prompt?.inputs).toMatchObject([{ name, type: "string" }]);
  },
);
