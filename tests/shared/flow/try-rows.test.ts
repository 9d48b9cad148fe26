import { expect, test } from "vitest";
import { changed, GOOD, problemsOf } from "./good-folder.ts";

const withLine = (line: string): Record<string, string> =>
  changed("chat.prompty", "{{ question }}", `{{ question }}\n${line}`);

test.each([
  ["{{ question.text.first }}", "question.text is undefined, so it has no first."],
  ["{{ question + 1 }}", ""],
  ["{{ question / 2 }}", ""],
  ["{{ customerId.a.b ~ customer.name }}", ""],
  ["{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "The template does too"],
  ["{% for i in range(9999) %}{{ 'x' * 9999 }}{% endfor %}", "The template renders more than"],
  ["{{ customer.name }}{% if customer.old %}{{ 1 }}{% endif %}{{ 1 / 0 }}", "Division by zero."],
])("%s fails with every row, and so it does at validation", (line, message) => {
  const [found = "", ...others] = problemsOf(withLine(line));
  expect(found).toMatch(/^chat\.prompty:11:\d+: error: /);
  expect(found).toContain(message);
  expect(others).toEqual([]);
});

test.each([
  "{{ customer.name + 1 }}",
  "{{ customer.a.b.c }}",
  "{% for x in documents %}{{ x / 0 }}{% endfor %}",
  "{% if documents %}{{ 1 / 0 }}{% endif %}",
  "{% set name = customer.name %}{{ name.a.b }}",
  "{% set name = 1 %}{% if customer %}{% set name = 0 %}{% endif %}{{ 1 / (name - 1) }}",
  "{% set ns = namespace(n=0) %}{% for d in documents %}{% set ns.n = 1 %}{% endfor %}{{ 1 / ns.n }}",
  "{% set text %}{{ customer.name }}1{% endset %}{{ 1 / (text | int(0)) }}",
  "{% macro size(x) %}{{ x | length }}{% endmacro %}{{ 1 / (size(customer) | int) }}",
  "{{ 1 / (documents | length) }}",
  "{{ customer is defined }}{{ (customer or question).name }}",
])("%s depends on what a step finds, and nothing is said", (line) => {
  expect(problemsOf(withLine(line))).toEqual([]);
});

test("what only one of the rows fails with is a warning, with the row", () => {
  const rows = `${GOOD["data/rows.jsonl"]}{"question": "Long ${"x".repeat(50)}", "customerId": "1", "n": 0, "ground_truth": "a"}\n`;
  const files = { ...withLine("{{ 1 / (n | default(1)) }}"), "data/rows.jsonl": rows };
  expect(problemsOf(files)).toEqual(["chat.prompty:11:4: warning: Division by zero."]);
});

test("a step's templates and its prompt are tried too, unless its condition keeps them from being run", () => {
  const step = (more: string): Record<string, string> => ({
    ...changed("flow.yaml", "steps:\n", `steps:\n  said: { prompt: said.prompty, ${more} }\n`),
    "said.prompty": "user:\n{{ question }}{{ 1 / zero }}\n",
    "chat.prompty": `${GOOD["chat.prompty"]}{{ said }}`,
  });
  expect(problemsOf(step("inputs: { zero: 0 }"))).toEqual(["said.prompty:2:18: error: Division by zero."]);
  expect(problemsOf(step("inputs: { zero: '{{ question.a.b }}' }"))).toEqual([
    expect.stringMatching(/^flow\.yaml:4:\d+: error: The template of step said: question\.a is undefined/),
  ]);
  expect(problemsOf(step("inputs: { zero: '{{ customer.a.b }}' }"))).toEqual([]);
  expect(problemsOf(step("when: question == 'no', inputs: { zero: 0 }"))).toEqual([]);
  expect(problemsOf(step("when: customer, inputs: { zero: 0 }"))).toEqual([]);
});

test("a row of several turns is tried with its first, and as a warning with what was said before its second", () => {
  const row = { turns: [{ question: "One?" }, { question: "Two?" }], customerId: "1", ground_truth: "a" };
  const withRows = (line: string): Record<string, string> => ({
    ...withLine(line),
    "data/rows.jsonl": `${JSON.stringify(row)}\n`,
  });
  expect(problemsOf(withRows("{{ 1 / (question | length - 4) }}"))).toEqual([
    "chat.prompty:11:4: error: Division by zero.",
  ]);
  const history = "{% for m in history %}{{ m.content.text.first }}{% endfor %}";
  expect(problemsOf(withRows(history))).toEqual([
    expect.stringMatching(/^chat\.prompty:11:35: warning: m\.content\.text is undefined, so it has no first/),
  ]);
  expect(problemsOf(withRows("{% for m in history %}{{ m.role }}{{ m.content }}{% endfor %}"))).toEqual([]);
});
