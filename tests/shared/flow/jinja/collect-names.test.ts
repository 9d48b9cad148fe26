import { expect, test } from "vitest";
import { compileCondition } from "../../../../shared/flow/compile-expression.ts";
import { compileTemplate } from "../../../../shared/flow/compile-template.ts";
import { problemsOf } from "../good-folder.ts";
import { computingTime } from "../../computing-time.ts";

/** The names that a template takes, those in brackets whose absence is planned for. */
function namesOf(template: string): string {
  const { names } = compileTemplate(template, "jinja2");
  return names.map(({ name, guarded }) => (guarded ? `(${name})` : name)).join(" ");
}

test.each([
  ["{% set x = 1 %}{{ x }}", ""],
  ["{% if a %}{% set x = 1 %}{% endif %}{{ x }}", "a (x)"],
  ["{% if a %}{% set x = 1 %}{{ x }}{% else %}{{ x }}{% endif %}", "a x"],
  ["{% if a %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}", "a"],
  ["{% if a %}{% set x = 1 %}{% elif b %}{% else %}{% set x = 2 %}{% endif %}{{ x }}", "a b (x)"],
  ["{% set x = 1 %}{% if a %}{% set x = 2 %}{% endif %}{{ x }}", "a"],
  ["{% if a %}{% if b %}{% set x = 1 %}{% endif %}{{ x }}{% endif %}{{ x }}", "a b (x) (x)"],
  ["{% if a %}{% macro m() %}{% endmacro %}{% endif %}{{ m() }}", "a (m)"],
])("what only some branches set may come from outside: %s", (template, names) => {
  expect(namesOf(template)).toBe(names);
});

test.each([
  ["{% for i in range(3) %}{{ i }}{% endfor %}", "(range)"],
  ["{{ dict.name }} {{ cycler }}", "(dict) (cycler)"],
  ["{% set range = 3 %}{{ range }}", ""],
  ["{{ self }}", ""],
])("a name that Jinja2 defines may be an input's: %s", (template, names) => {
  expect(namesOf(template)).toBe(names);
});

test("in an expression on its own self is a name as any other", () => {
  expect(compileCondition("self.id and range").names.map(({ name }) => name)).toEqual(["self", "range"]);
});

test("branches without end over names without end are looked through in time", async () => {
  const sets = Array.from({ length: 4000 }, (_, index) => `{%set a${index}=1%}`).join("");
  const template = `${sets}{%if b%}${"{%elif b%}".repeat(8000)}{%endif%}`;
  expect(await computingTime(() => compileTemplate(template, "jinja2"))).toBeLessThan(5_000);
});

const flow = (steps: string, prompt: string) =>
  problemsOf({
    "flow.yaml": `name: shop\nprompt: p.prompty\nsteps:\n${steps}\nevaluation: { datasets: d.jsonl }\ngate: { latency: { p95: "<= 1s" } }\n`,
    "p.prompty": prompt,
    "k.jsonl": '{"id": 1}\n',
    "d.jsonl": '{"question": "Hi", "ground_truth": "x"}\n',
  });

test("steps that are called as Jinja2's functions are ordered, used and refused in a circle as others", () => {
  const range = '  range: { lookup: k.jsonl, by: id, equals: "{{ dict.id }}" }\n';
  const fine = '  dict: { lookup: k.jsonl, by: id, equals: "1" }';
  expect(flow(range + fine, "user:\n{{ question }}{{ range.id }}")).toEqual([]);
  expect(flow(range + fine, "user:\n{{ question }}")).toEqual([
    "flow.yaml:4:3: warning: Nobody uses the result of the step range.",
  ]);
  const circle = '  dict: { lookup: k.jsonl, by: id, equals: "{{ range.id }}" }';
  expect(flow(range + circle, "user:\n{{ question }}{{ range.id }}")).toEqual([
    expect.stringContaining("error: The steps range, dict wait for each other"),
  ]);
});

test("an input that is called as one of Jinja2's functions is used where its name stands", () => {
  const prompt =
    "---\ninputs: { range: { type: string, default: x } }\n---\nuser:\n{{ question }}{{ range }}{{ a.id }}";
  expect(flow('  a: { lookup: k.jsonl, by: id, equals: "1" }', prompt)).toEqual([]);
});

test("a step's result that a branch may replace is still used behind the branch", () => {
  const prompt = "user:\n{% if question == 'x' %}{% set a = {} %}{% endif %}{{ question }}{{ a.id }}";
  expect(flow('  a: { lookup: k.jsonl, by: id, equals: "1" }', prompt)).toEqual([]);
});
