import fc from "fast-check";
import { expect, test } from "vitest";
import { importDag } from "../../../cli/import/import-dag.ts";
import type { ImportSource } from "../../../cli/import/import-source.ts";
import { readDag } from "../../../cli/import/read-dag.ts";
import { readExperiment } from "../../../cli/import/read-experiment.ts";
import { readRun } from "../../../cli/import/read-run.ts";
import { createFindings, hasErrors } from "../../../shared/flow/diagnostics.ts";
import { parsePrompty } from "../../../shared/flow/parse-prompty.ts";

const name = fc.constantFrom(
  "a",
  "b",
  "a-b",
  "question",
  "chat_history",
  "__proto__",
  "constructor",
  "../x",
  "é",
  "1",
  "",
);
const reference = fc.oneof(
  name.map((node) => `\${${node}.output}`),
  name.map((node) => `\${${node}.output.field[0]}`),
  name.map((input) => `\${inputs.${input}}`),
  fc.constantFrom("${", "${}", "${a}", "${a.output", "${inputs}", "${a.output.__proto__}", "text"),
);
const anything = fc.oneof(
  { weight: 3, arbitrary: reference },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);
const path = fc.constantFrom(
  "a.jinja2",
  "b.py",
  "none.jinja2",
  "../a.jinja2",
  "/etc/passwd",
  "broken.jinja2",
  "",
  ".",
);
const node = fc.record(
  {
    name: fc.oneof({ weight: 9, arbitrary: name }, { weight: 1, arbitrary: fc.jsonValue() }),
    type: fc.constantFrom("llm", "llm", "prompt", "python", "custom_llm", "tool", 5),
    source: fc.oneof(
      fc.record({ type: fc.constantFrom("code", "package"), path }),
      fc.record({
        type: fc.constant("package"),
        tool: fc.constantFrom("promptflow.tools.embedding.embedding", "x"),
      }),
      fc.jsonValue({ maxDepth: 1 }),
    ),
    inputs: fc.oneof(fc.dictionary(name, anything, { maxKeys: 4 }), fc.jsonValue({ maxDepth: 1 })),
    activate: fc.record({ when: anything, is: fc.jsonValue({ maxDepth: 1 }) }, { requiredKeys: [] }),
    use_variants: fc.boolean(),
    aggregation: fc.constantFrom(true, false, false, false, "x"),
  },
  { requiredKeys: ["name", "type", "source"] },
);
const dag = fc.record(
  {
    inputs: fc.dictionary(
      name,
      fc.record(
        {
          type: fc.constantFrom("string", "list", "image", "object", "int", 5),
          default: fc.jsonValue({ maxDepth: 2 }),
          is_chat_input: fc.boolean(),
          is_chat_history: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      { maxKeys: 4 },
    ),
    outputs: fc.dictionary(name, fc.record({ type: fc.constant("string"), reference: anything }), {
      maxKeys: 3,
    }),
    nodes: fc.array(node, { maxLength: 5 }),
    node_variants: fc.dictionary(
      name,
      fc.record({
        default_variant_id: fc.constantFrom("v0", "none"),
        variants: fc.dictionary(fc.constantFrom("v0", "v1", "../v"), fc.record({ node }), { maxKeys: 2 }),
      }),
      { maxKeys: 2 },
    ),
    additional_includes: fc.array(fc.constantFrom("../shared", "a.jinja2", "/etc", 5), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

/** One that hangs together, under odd names: each node takes from inputs and from nodes before it. */
const whole = fc
  .record({
    inputs: fc.uniqueArray(fc.constantFrom("question", "chat_history", "a-b", "constructor", "text", "_1"), {
      minLength: 1,
      maxLength: 4,
    }),
    nodes: fc.uniqueArray(
      fc.constantFrom("a", "b", "question", "ask-it", "toString", "x_y", "chat_history"),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    kinds: fc.array(fc.constantFrom("llm", "llm", "prompt", "python", "custom_llm"), {
      minLength: 5,
      maxLength: 5,
    }),
    from: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
    value: fc.jsonValue({ maxDepth: 2 }),
    is: fc.option(fc.jsonValue({ maxDepth: 1 }), { nil: undefined }),
  })
  .map(({ inputs, nodes, kinds, from, value, is }) => {
    const at = (index: number, list: readonly string[]): string =>
      list[(from[index] ?? 0) % list.length] ?? "";
    const given = (index: number): string => {
      const before = nodes.slice(0, index);
      const some = [
        ...inputs.map((input) => `\${inputs.${input}}`),
        ...before.map((node) => `\${${node}.output}`),
      ];
      return at(index, some);
    };
    return {
      inputs: Object.fromEntries(inputs.map((input) => [input, { type: "string", default: value }])),
      outputs: { answer: { type: "string", reference: `\${${nodes.at(-1)}.output}` } },
      nodes: nodes.map((called, index) => ({
        name: called,
        type: index === nodes.length - 1 ? "llm" : kinds[index],
        source: {
          type: "code",
          path: kinds[index] === "python" && index < nodes.length - 1 ? "b.py" : "a.jinja2",
        },
        inputs: { a: given(index), b: value, question: given(index), temperature: value },
        ...(is === undefined ? {} : { activate: { when: given(index), is } }),
      })),
    };
  });

const texts = new Map([
  [
    "a.jinja2",
    "system:\n{{ a }}\n{% for t in chat_history %}user:\n{{ t.inputs.question }}{% endfor %}\nuser:\n{{ question }}{{ b[0] }}",
  ],
  ["b.py", "def run(x):\n    return x\n"],
  ["broken.jinja2", "user:\n{% for"],
]);
const source: ImportSource = {
  folder: "/flow",
  has: async (file) => texts.has(file),
  bytes: async (file, mentionedIn, place, findings) => {
    const found = texts.get(file);
    if (found === undefined) findings.error(mentionedIn, place, `There is no file ${file}.`, "Add it.");
    return found === undefined ? undefined : Buffer.from(found);
  },
  text: async (file, mentionedIn, place, findings) => {
    const found = texts.get(file);
    if (found === undefined) findings.error(mentionedIn, place, `There is no file ${file}.`, "Add it.");
    return found;
  },
  list: async () => [...texts.keys()],
};

test("whatever a DAG holds, it is refused in place or becomes prompts that parse, inside of the new folder", async () => {
  let written = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(dag, whole), async (document) => {
      const findings = createFindings();
      const read = readDag("flow.dag.yaml", JSON.stringify(document, null, 1), findings);
      const flow =
        read === undefined || hasErrors(findings.list) ? undefined : await importDag(read, source, findings);
      for (const { line, column, message } of findings.list) {
        expect([line >= 1, column >= 1, message !== ""]).toEqual([true, true, true]);
      }
      if (flow === undefined || hasErrors(findings.list)) {
        expect(hasErrors(findings.list)).toBe(true);
        return;
      }
      written += 1;
      for (const [file, content] of flow.files) {
        expect(file).toMatch(/^(?:prompts\/)?[\w-]+\.prompty$/);
        const { diagnostics } = parsePrompty(file, String(content), new Map());
        expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      }
      expect(new Set(flow.steps.map((step) => step.name)).size).toBe(flow.steps.length);
    }),
    { numRuns: 300 },
  );
  expect(written).toBeGreaterThan(50);
});

test("whatever else stands in YAML, each reader says where and why, or reads it", () => {
  const piece = fc.constantFrom(
    ..."name: |flow: |data: |datasets:\n|- |  |\n|evaluators:\n|nodes:\n|inputs:\n|a|: |{|}|[|]|&a |*a |? |'|\"|${data.a}|column_mapping:\n|mappings:\n|source: |variant: |\t|\uFEFF|\r\n|~|5|../../x".split(
      "|",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      const findings = createFindings();
      const read = [
        readDag("flow.dag.yaml", text, findings),
        readExperiment("experiment.yaml", text, findings),
        readRun("run.yaml", text, true, findings),
      ];
      if (read.includes(undefined)) expect(findings.list).not.toEqual([]);
      for (const { line, column, message } of findings.list) {
        expect([line >= 1, column >= 1, message !== ""]).toEqual([true, true, true]);
      }
    }),
    { numRuns: 500 },
  );
});
