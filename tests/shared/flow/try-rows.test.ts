import { expect, test } from "vitest";
import { changed, GOOD, problemsOf } from "./good-folder.ts";
import { computingTime } from "../computing-time.ts";

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

test("all that fails in a template is told at once, each place once, whatever the rows", () => {
  const files = withLine(
    [
      "{{ question.foo() }}",
      "{{ question + 1 }}{{ 1/0 }}",
      "{% if question.a.b %}{{ 1/0 }}{% endif %}",
      "{% for x in 5 %}{{ x }}{% endfor %}",
      "{% for x in [1, 2] %}{{ x / 0 }}{% endfor %}",
      "{% macro twice(x) %}{{ x / 0 }}{% endmacro %}{{ twice(1) }}{{ twice(2) }}",
      "{% filter upper %}{{ [] + 1 }}{% endfilter %}",
    ].join("\n"),
  );
  const rows = GOOD["data/rows.jsonl"] ?? "";
  const more = { "data/rows.jsonl": rows + rows.replace('question": "', 'question": "Or: ') };
  const found = problemsOf({ ...files, ...more });
  expect(found.map((problem) => problem.split(": ").slice(0, 2).join(" "))).toEqual([
    "chat.prompty:11:12 error",
    "chat.prompty:12:4 error",
    "chat.prompty:12:22 error",
    "chat.prompty:13:15 error",
    "chat.prompty:14:13 error",
    "chat.prompty:15:25 error",
    "chat.prompty:16:24 error",
    "chat.prompty:17:22 error",
  ]);
});

test.each([
  "{% set x = 1 / 0 %}{{ x.a.b }}",
  "{% set x, y = 1 / 0 %}{{ x.a.b }}{{ y / 0 }}",
  "{% if 1 / 0 %}{% set x = 1 %}{% endif %}{{ x.a.b }}",
  "{% set x = 0 %}{% if 1 / 0 %}{% set x = 1 %}{% endif %}{{ 1 / x }}",
  "{% set ns = namespace(n=0) %}{% set ns.n = 1 / 0 %}{{ 1 / ns.n }}",
  "{% set x %}{{ 1 / 0 }}{% endset %}{{ 1 / (x | int) }}",
  "{% if 1 / 0 %}{% macro m(x) %}{% endmacro %}{% endif %}{{ m(1) }}",
  "{% macro m(x) %}{{ 1 / x }}{% endmacro %}{{ 1 / (m(0) | int) }}",
  "{% with x = 1 / 0 %}{{ x.a.b }}{% endwith %}",
  "{% for x in 1 / 0 %}{{ x.a.b }}{% else %}{{ 1 / 0 }}{% endfor %}",
])("%s is one problem: what follows from it is none", (line) => {
  expect(problemsOf(withLine(line))).toEqual([expect.stringContaining("error: Division by zero.")]);
});

test("a template that fails in every round of a long loop, or costs too much, ends, and little is said of it", async () => {
  const took = await computingTime(() => {
    const places = "{{ 1 / 0 }}\n".repeat(5000);
    expect(problemsOf(withLine(places)).length).toBe(30);
    const rounds = "{% for i in range(99999) %}{{ 1 / 0 }}{% endfor %}{{ [] + 1 }}";
    expect(problemsOf(withLine(rounds))).toHaveLength(1);
    const endless = "{{ 1 / 0 }}{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}{{ 1 / 0 }}";
    expect(problemsOf(withLine(endless))).toEqual([
      expect.stringContaining("Division by zero."),
      expect.stringContaining("calls itself too often"),
    ]);
  });
  expect(took).toBeLessThan(10_000);
});

test("a macro that depends on what a step finds may be called any number of times", () => {
  const macro = "{% macro m(x) %}{{ customer.name }}{% endmacro %}";
  expect(problemsOf(withLine(`${macro}{% for i in range(200) %}{{ m(i) }}{% endfor %}`))).toEqual([]);
});

test("all steps are tried, and all of their templates, also where another one failed", () => {
  const files = {
    ...changed(
      "flow.yaml",
      "steps:\n",
      "steps:\n  said: { prompt: said.prompty, inputs: { a: '{{ 1 / 0 }}', b: '{{ [] + 1 }}, {{ {} + 1 }}' } }\n",
    ),
    "said.prompty": "user:\n{{ question / 2 }}{{ a.b.c }}{{ b.c.d }}\n",
    "chat.prompty": `${GOOD["chat.prompty"]}{{ said }}{{ 1 / 0 }}`,
  };
  expect(problemsOf(files)).toEqual([
    expect.stringMatching(/^chat\.prompty:11:\d+: error: Division by zero/),
    expect.stringMatching(/^flow\.yaml:4:\d+: error: The template of step said: Division by zero/),
    expect.stringMatching(/^flow\.yaml:4:\d+: error: The template of step said: list \+ int /),
    expect.stringMatching(/^flow\.yaml:4:\d+: error: The template of step said: dict \+ int /),
    expect.stringMatching(/^said\.prompty:2:4: error: /),
  ]);
});

test("what is wrong elsewhere hides nothing that fails, and what may come of it is not told", () => {
  const elsewhere = changed("flow.yaml", "mean: ", "maen: ", withLine("{{ 1 / 0 }}"));
  expect(problemsOf(elsewhere)).toEqual([
    expect.stringContaining("chat.prompty:11:4: error: Division by zero."),
    expect.stringContaining("flow.yaml:8:"),
  ]);
  const lines = [
    "{{ 1 / 0 }}{{ question( }}",
    "{% set x = question( %}{{ x.a.b }}{{ [] + 1 }}",
    "{% if question( %}{{ 1 / 0 }}{% endif %}",
    "{% for x in question( %}{{ x.a.b }}{% else %}{{ 1 / 0 }}{% endfor %}",
  ];
  expect(problemsOf(withLine(lines.join("\n")))).toEqual([
    expect.stringContaining("chat.prompty:11:4: error: Division by zero."),
    expect.stringContaining("chat.prompty:11:"),
    expect.stringContaining("chat.prompty:12:"),
    expect.stringMatching(/chat\.prompty:12:\d+: error: list \+ int is not possible/),
    expect.stringContaining("chat.prompty:13:"),
    expect.stringContaining("chat.prompty:14:"),
  ]);
  const undeclared = changed("chat.prompty", "question: { type", "question: { tpye", withLine("{{ 1 / 0 }}"));
  expect(problemsOf(undeclared)).toContain("chat.prompty:11:4: error: Division by zero.");
  const stepless = changed(
    "flow.yaml",
    "lookup: knowledge/customers.jsonl",
    "lokup: x",
    withLine("{{ customer.a.b }}"),
  );
  expect(problemsOf(stepless).join()).not.toContain("undefined");
});
