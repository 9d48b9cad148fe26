import { expect, test } from "vitest";
import { changed, problemsOf } from "./good-folder.ts";
import { splitFlow } from "../../../shared/flow/split-flow.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";

const known = { evaluators: ["similarity"], metrics: ["latency"], connections: ["my-search", "other"] };
const HEAD = `name: shop
prompt: chat.prompty
evaluation: { datasets: data.jsonl, evaluators: [similarity] }
gate: { similarity: { mean: ">= 3" } }
steps:
`;
const FILES = {
  "chat.prompty": "system:\n{{ a }}{{ b }}{{ c }}\nuser:\n{{ question }}",
  "query.prompty":
    "---\nmodel: { id: m }\ndescription: ${file:about.txt}\n---\nsystem:\nRewrite.\nuser:\n{{ text }}",
  "strict.prompty":
    "---\ninputs:\n  - { name: tone, kind: string, required: true }\n  - { name: text, kind: string, required: true }\n---\nuser:\n{{ text }} {{ tone }}",
  "about.txt": "About.",
  "k.jsonl": '{"id": 1, "name": "Tent", "tags": ["x"]}\n',
  "data.jsonl": '{"question": "Hi", "customerId": "1", "ground_truth": "x"}\n',
};

function validate(steps: string) {
  const files = new Map(
    Object.entries({ ...FILES, "flow.yaml": HEAD + steps }).map(([path, text]) => [
      path,
      new TextEncoder().encode(text),
    ]),
  );
  const { definition, diagnostics } = validateFlow(files, known);
  return {
    definition,
    files,
    errors: diagnostics.filter(({ severity }) => severity === "error"),
    diagnostics,
  };
}

test("steps are written by name or as a list, in any order", () => {
  const byName = validate(`  b: { lookup: k.jsonl, by: id, equals: "{{ a.id }}" }
  a: { lookup: k.jsonl, by: id, equals: "{{ customerId }}", when: question }`);
  const listed = validate(`  - { name: b, lookup: k.jsonl, by: id, equals: "{{ a.id }}" }
  - name: a
    lookup: k.jsonl
    by: id
    equals: "{{ customerId }}"
    when: question`);
  expect(byName.errors).toEqual([]);
  expect(listed.errors).toEqual([]);
  expect(listed.definition?.steps).toEqual(byName.definition?.steps);
  expect(byName.definition?.steps[1]).toEqual({
    kind: "lookup",
    name: "a",
    when: "question",
    source: "k.jsonl",
    by: "id",
    equals: "{{ customerId }}",
  });
});

test("what a retrieve or a prompt does not say stays out of the definition, so that old versions keep their names", () => {
  const { definition } = validate(`  a: { retrieve: k.jsonl, query: "{{ question }}" }
  b: { prompt: query.prompty, inputs: { text: "{{ question }}" } }
  c: { retrieve: { connection: my-search, index: products }, query: "{{ question }}" }`);
  expect(definition?.steps).toStrictEqual([
    { kind: "retrieve", name: "a", source: "k.jsonl", query: "{{ question }}", top: 3 },
    { kind: "prompt", name: "b", prompt: "query.prompty", inputs: { text: "{{ question }}" } },
    {
      kind: "search",
      name: "c",
      connection: "my-search",
      index: "products",
      query: "{{ question }}",
      top: 3,
      mode: "vector",
      fields: ["contentVector"],
    },
  ]);
});

test("the prompt of a step and the files it refers to belong to the version", () => {
  const { definition, files } = validate(
    '  a: { prompt: query.prompty, inputs: { text: "{{ question }}" } }',
  );
  if (definition === undefined) throw new Error("the flow is valid");
  const { version } = splitFlow(definition, files);
  expect([...version.files.keys()]).toEqual(["about.txt", "chat.prompty", "query.prompty"]);
});

type Case = [what: string, steps: string, expected: Record<string, unknown>];
const cases: Case[] = [
  [
    "a cycle",
    `  a: { lookup: k.jsonl, by: id, equals: "{{ b.id }}" }
  b: { lookup: k.jsonl, by: id, equals: "1", when: "c" }
  c: { prompt: query.prompty, inputs: { text: ["{{ a.name }}"] } }`,
    {
      line: 6,
      column: 41,
      message: "The steps a, b, c wait for each other: a uses b, b uses c, c uses a.",
    },
  ],
  [
    "a cycle through a name that a prompt takes by itself",
    `  text: { lookup: k.jsonl, by: id, equals: "{{ a }}" }
  a: { prompt: query.prompty }`,
    { line: 6, message: "The steps text, a wait for each other: text uses a, a uses text." },
  ],
  [
    "a step that uses itself",
    `  - { name: a, lookup: k.jsonl, by: id, equals: "{{ a.id }}" }`,
    { line: 6, column: 49, message: "The step a uses its own result." },
  ],
  [
    "an unknown reference, with the near name",
    `  a: { lookup: k.jsonl, by: id, equals: "{{ customerid }}" }`,
    {
      line: 6,
      column: 41,
      message: "The step a uses customerid, which nothing supplies.",
      remedy: "Did you mean customerId?",
    },
  ],
  [
    "an unknown reference in a condition",
    `  a: { lookup: k.jsonl, by: id, equals: "1", when: bb.id }
  bbb: { lookup: k.jsonl, by: id, equals: "1" }`,
    {
      line: 6,
      column: 52,
      message: "The step a uses bb, which nothing supplies.",
      remedy: "Did you mean bbb?",
    },
  ],
  [
    "an unknown reference that is nearly the step's own name",
    `  rec: { lookup: k.jsonl, by: id, equals: "1", when: recc }`,
    {
      line: 6,
      column: 54,
      message: "The step rec uses recc, which nothing supplies.",
      remedy: expect.stringMatching(/^There are: /),
    },
  ],
  [
    "an unknown reference in an input of a prompt",
    `  a: { prompt: query.prompty, inputs: { text: "{{ nothing }}" } }`,
    { line: 6, column: 47, message: "The step a uses nothing, which nothing supplies." },
  ],
  [
    "required inputs that a prompt step lacks, all at once",
    `  a: { prompt: strict.prompty }`,
    { line: 6, column: 16, message: "The step a does not give strict.prompty what it uses: text, tone." },
  ],
  [
    "a prompt that is not there",
    `  a: { prompt: querry.prompty }`,
    {
      line: 6,
      column: 16,
      message: "There is no file querry.prompty.",
      remedy: "Did you mean query.prompty?",
    },
  ],
  [
    "a broken condition",
    `  a: { lookup: k.jsonl, by: id, equals: "1", when: "question >" }`,
    { line: 6, column: 52, message: expect.stringContaining("The template of step a:") },
  ],
  [
    "a condition that is more than an expression",
    `  a: { lookup: k.jsonl, by: id, equals: "1", when: "{{ a }} or {{ b }}" }`,
    { line: 6, message: expect.stringContaining("A condition is one expression") },
  ],
  [
    "a connection that the settings do not have",
    `  a: { retrieve: { connection: my-serch, index: p }, query: x }`,
    {
      line: 6,
      column: 32,
      message: "There is no connection my-serch.",
      remedy: expect.stringContaining("Did you mean my-search? Known connections: my-search, other."),
    },
  ],
  [
    "an address where a connection is named",
    `  a: { retrieve: { connection: "https://evil.example", index: p }, query: x }`,
    { line: 6, column: 32, message: expect.stringContaining("never an address") },
  ],
  [
    "a search with a minimum score that no rank has",
    `  a: { retrieve: { connection: other, index: p }, query: x, mode: hybrid, minimumScore: 1 }`,
    { line: 6, column: 75, remedy: expect.stringContaining("mode: vector") },
  ],
  [
    "a field that no record has",
    `  a: { retrieve: k.jsonl, query: x, fields: [tags, title] }`,
    { line: 6, column: 52, message: "No record of k.jsonl has a field title." },
  ],
  [
    "keys of another kind of step",
    `  a: { lookup: k.jsonl, by: id, equals: "1", top: 2 }`,
    {
      line: 6,
      column: 46,
      message: "The step a is a lookup: it has no top.",
      remedy: "Those belong to retrieve.",
    },
  ],
  [
    "two kinds in one step",
    `  a: { lookup: k.jsonl, prompt: query.prompty }`,
    { line: 6, remedy: "Make two steps of it." },
  ],
  [
    "a step that says nothing",
    `  a: { when: question }`,
    { line: 6, message: expect.stringContaining("says neither") },
  ],
  [
    "two steps of one name",
    `  - { name: a, lookup: k.jsonl, by: id, equals: "1" }\n  - { name: a, lookup: k.jsonl, by: id, equals: "1" }`,
    { line: 7, column: 13, message: "There are two steps a." },
  ],
  [
    "a list's step without a name",
    `  - { lookup: k.jsonl, by: id, equals: "1" }`,
    { line: 6, message: expect.stringContaining("name") },
  ],
];

test.each(cases)("refuses %s", (_what, steps, expected) => {
  expect(validate(steps).errors).toContainEqual(expect.objectContaining({ file: "flow.yaml", ...expected }));
});

test("each cycle is named once", () => {
  const two = `  a: { lookup: k.jsonl, by: id, equals: "{{ b }}{{ b }}" }
  b: { lookup: k.jsonl, by: id, equals: "{{ a }}" }
  c: { lookup: k.jsonl, by: id, equals: "{{ d }}{{ a }}" }
  d: { lookup: k.jsonl, by: id, equals: "{{ c }}" }`;
  expect(validate(two).errors.map(({ line }) => line)).toEqual([6, 8]);
});

test("an input that only clients send, and one whose absence is planned for, are no errors", () => {
  const declared = validate(
    `  a: { lookup: k.jsonl, by: id, equals: "{{ tone | default('1') }}{{ history }}" }`,
  );
  expect(declared.errors).toEqual([]);
});

test("a step that may be skipped must not be looped over without a thought", () => {
  const steps = `  a: { retrieve: k.jsonl, query: "{{ question }}", when: question }`;
  const warned = (template: string): string[] => {
    const files = { ...FILES, "chat.prompty": template, "flow.yaml": HEAD + steps };
    const bytes = Object.entries(files).map(
      ([path, text]) => [path, new TextEncoder().encode(text)] as const,
    );
    return validateFlow(new Map(bytes), known).diagnostics.map(({ remedy }) => remedy ?? "");
  };
  expect(warned("system:\n{% for d in a %}{{ d }}{% endfor %}\nuser:\n{{ question }}")).toEqual([
    "Loop over (a or []).",
  ]);
  expect(warned("system:\n{% for d in a or [] %}{{ d }}{% endfor %}\nuser:\n{{ question }}")).toEqual([]);
  expect(
    warned("system:\n{% if a %}{% for d in a %}{{ d }}{% endfor %}{% endif %}\nuser:\n{{ question }}"),
  ).toEqual([]);
});

test("a thousand steps that wait for each other in a ring are one finding", () => {
  const ring = Array.from(
    { length: 1000 },
    (_, at) => `  s${at}: { lookup: k.jsonl, by: id, equals: "{{ s${(at + 1) % 1000} }}" }`,
  );
  expect(
    validate(ring.join("\n")).errors.filter(({ message }) => message.includes("wait for each other")),
  ).toHaveLength(1);
});

test("a condition that is not complete is told in the condition's words, and not in those of YAML", () => {
  const at = (when: string): string[] =>
    problemsOf(
      changed("flow.yaml", 'equals: "{{ customerId }}"', `equals: "{{ customerId }}", when: '${when}'`),
    );
  expect(at("question and (")).toEqual([
    expect.stringMatching(/The template of step customer: The condition ends before its brackets are closed/),
  ]);
  expect(at("question | shout")[0]).not.toContain("YAML");
});
