import { expect, test } from "vitest";
import { splitFlow } from "../../../shared/flow/split-flow.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";

const known = {
  evaluators: ["groundedness", "similarity", "f1_score"],
  metrics: ["latency", "errors"],
  needGroundTruth: ["similarity", "f1_score"],
};

const GOOD = {
  "flow.yaml": `name: shop
prompt: chat.prompty
steps:
  customer: { lookup: knowledge/customers.jsonl, by: id, equals: "{{ customerId }}" }
evaluation:
  datasets: [data/rows.jsonl]
  evaluators: [similarity]
gate:
  similarity: { mean: ">= 3" }
`,
  "chat.prompty":
    "---\nname: shop\ndescription: ${file:about.txt}\n---\nsystem:\nHelp {{ customer.name }}.\nuser:\n{{ question }}\n",
  "about.txt": "A shop.",
  "knowledge/customers.jsonl": '{"id": 1, "name": "Ada"}\n',
  "data/rows.jsonl": '{"question": "Hi", "customerId": "1", "ground_truth": "Hello"}\n',
  "README.md": "# Shop",
};

function validate(changes: Record<string, string | undefined>) {
  const files = new Map<string, Uint8Array>();
  for (const [path, text] of Object.entries({ ...GOOD, ...changes })) {
    if (text !== undefined) files.set(path, new TextEncoder().encode(text));
  }
  return { ...validateFlow(files, known), files };
}

test("a good flow has nothing to say", () => {
  const { definition, diagnostics } = validate({});
  expect(diagnostics).toEqual([]);
  expect(definition?.name).toBe("shop");
});

test("what changes answers is the version, what judges them the suite, the rest is neither", () => {
  const { definition, files } = validate({});
  if (definition === undefined) throw new Error("the flow is valid");
  const { version, suite } = splitFlow(definition, files);
  expect([...version.files.keys()]).toEqual(["about.txt", "chat.prompty", "knowledge/customers.jsonl"]);
  expect([...suite.files.keys()]).toEqual(["data/rows.jsonl"]);
  expect(version.definition).toEqual({ name: "shop", prompt: "chat.prompty", steps: definition.steps });
  expect(suite.definition.evaluators).toEqual([{ name: "similarity", use: "similarity" }]);
});

type Case = [what: string, changes: Record<string, string | undefined>, expected: Record<string, unknown>];
const cases: Case[] = [
  [
    "a missing prompt, with the near one",
    { "chat.prompty": undefined, "chats.prompty": "user:\nHi" },
    { severity: "error", file: "flow.yaml", line: 2, column: 9, remedy: "Did you mean chats.prompty?" },
  ],
  [
    "missing knowledge, where flow.yaml names it",
    { "knowledge/customers.jsonl": undefined, "knowledge/customer.jsonl": "{}" },
    {
      severity: "error",
      file: "flow.yaml",
      line: 4,
      column: 23,
      remedy: "Did you mean knowledge/customer.jsonl?",
    },
  ],
  [
    "a missing dataset, where flow.yaml names it",
    { "data/rows.jsonl": undefined },
    { severity: "error", file: "flow.yaml", line: 6, column: 14 },
  ],
  [
    "a lookup by a field that no record has",
    { "knowledge/customers.jsonl": '{"customerId": 1}' },
    { severity: "error", file: "flow.yaml", line: 4, column: 54, remedy: "Fields: customerId." },
  ],
  [
    "rows without ground truth under an evaluator that needs it",
    { "data/rows.jsonl": '{"question": "Hi", "customerId": "1"}\n' },
    {
      severity: "error",
      file: "flow.yaml",
      line: 7,
      message: expect.stringContaining("1 of 1 rows lack: data/rows.jsonl:1"),
    },
  ],
  [
    "an input that nothing supplies, with the near name",
    { "chat.prompty": "user:\n{{ questoin }}" },
    { severity: "warning", file: "chat.prompty", line: 2, column: 4, remedy: "Did you mean question?" },
  ],
  [
    "a history under another name",
    {
      "chat.prompty": "{{ history }}\nuser:\n{{ question }}",
      "data/rows.jsonl": '{"question": "Hi", "customerId": "1", "ground_truth": "x", "chat_history": []}',
    },
    { severity: "warning", file: "chat.prompty", line: 1, remedy: "Did you mean chat_history?" },
  ],
  [
    "a required input that rows lack",
    {
      "chat.prompty":
        "---\ninputs:\n  - { name: tone, kind: string, required: true }\n---\nuser:\n{{ question }} {{ tone }}",
    },
    {
      severity: "error",
      file: "chat.prompty",
      line: 3,
      message: expect.stringContaining("data/rows.jsonl:1"),
    },
  ],
  [
    "an input nobody uses",
    { "chat.prompty": "---\ninputs: { tone: kind }\n---\nuser:\n{{ question }}" },
    { severity: "warning", file: "chat.prompty", line: 2, message: "Nobody uses the input tone." },
  ],
  [
    "an object looped over",
    {
      "chat.prompty":
        "---\ninputs: { customer: { type: object } }\n---\nuser:\n{% for o in customer %}{{ o }}{% endfor %}",
    },
    { severity: "warning", file: "chat.prompty", line: 5, column: 13 },
  ],
  [
    "a prompt without user message",
    { "chat.prompty": "system:\n{{ question }}" },
    {
      severity: "warning",
      file: "chat.prompty",
      line: 1,
      message: expect.stringContaining("no user message"),
    },
  ],
  [
    "a broken template in a step",
    { "flow.yaml": GOOD["flow.yaml"].replace("{{ customerId }}", "{{ customerId") },
    { severity: "error", file: "flow.yaml", line: 4, message: expect.stringContaining("no closing") },
  ],
  ["a file named to leave the folder", { "../x.txt": "x" }, { severity: "error", file: "../x.txt" }],
  ["a file of secrets", { ".env": "A=1" }, { severity: "error", file: ".env", line: 1 }],
  [
    "an API key",
    { "notes.txt": `one\n  sk-${"a1".repeat(20)}` },
    { severity: "error", file: "notes.txt", line: 2, column: 3 },
  ],
  [
    "a storage key",
    { "notes.txt": `AccountKey=${"Ab1+".repeat(15)}==` },
    { severity: "error", file: "notes.txt" },
  ],
  [
    "a private key",
    { "notes.txt": ["-----BEGIN RSA", "PRIVATE KEY-----"].join(" ") },
    { severity: "error", file: "notes.txt" },
  ],
  [
    "a template whose loop never ends at render time is still parsed",
    { "chat.prompty": "user:\n{{ question }}{% for i in range(10**9) %}{% endfor" },
    { severity: "error", file: "chat.prompty", line: 2 },
  ],
];

test.each(cases)("finds %s", (_what, changes, expected) => {
  const { diagnostics } = validate(changes);
  expect(diagnostics).toContainEqual(expect.objectContaining(expected));
});

test("a finding about a secret does not repeat it", () => {
  const secret = `sk-${"b2".repeat(20)}`;
  expect(JSON.stringify(validate({ "notes.txt": secret }).diagnostics)).not.toContain(secret);
});

test("everything is found at once, sorted by file and line", () => {
  const { diagnostics } = validate({
    "chat.prompty": "---\nbogus: 1\n---\nuser:\n{{ question }",
    "data/rows.jsonl": "{\n",
    "knowledge/customers.jsonl": "{\n",
    ".env": "x",
  });
  expect(diagnostics.map(({ file, line }) => `${file}:${line}`)).toEqual([
    ".env:1",
    "chat.prompty:2",
    "chat.prompty:5",
    "data/rows.jsonl:1",
    "flow.yaml:4",
    "knowledge/customers.jsonl:1",
  ]);
});

test("one round finds the problems of every file, whatever is wrong with flow.yaml", () => {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const { diagnostics } = validateFlow(
    new Map([
      [
        "flow.yaml",
        text(
          [
            "name: shop",
            "prompt: nope.prompty",
            'steps: { documents: { retrieve: products.csv, query: "{{ question" } }',
            "evaluation: { datasets: [data.jsonl], evaluators: [groundednes] }",
            'gate: { groundednes: { mean: "> 4" } }',
          ].join("\n"),
        ),
      ],
      ["data.jsonl", text('{"question": "a"}\n{"question: 1}\n')],
      ["products.csv", text("a,b\n1,2,3\n")],
    ]),
    { evaluators: ["groundedness"], metrics: ["errors"] },
  );
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.map(({ file, line }) => `${file}:${line}`)).toEqual([
    "data.jsonl:2",
    "flow.yaml:2",
    "flow.yaml:3",
    "flow.yaml:4",
    "flow.yaml:5",
    "flow.yaml:5",
    "products.csv:2",
  ]);
  expect(errors.filter(({ remedy }) => remedy === undefined)).toEqual([]);
});

test("a row may ask several questions, and what it asks must be readable", () => {
  const row = (turns: unknown): string => `${JSON.stringify({ customerId: "1", turns })}\n`;
  const prompt =
    "---\ninputs:\n  question: { type: string, required: true }\n---\nuser:\n{{ question }}{{ customer }}";
  const asked = [{ question: "Hi", ground_truth: "Hello" }, { question: "And?" }];
  expect(validate({ "data/rows.jsonl": row(asked), "chat.prompty": prompt }).diagnostics).toEqual([]);
  const { diagnostics } = validate({ "data/rows.jsonl": row([{ ask: "Hi" }]) });
  expect(diagnostics).toContainEqual(
    expect.objectContaining({
      severity: "error",
      file: "data/rows.jsonl",
      line: 1,
      message: expect.stringContaining("turns"),
    }),
  );
});
