import { expect, test } from "vitest";
import { compileTemplate } from "../../../shared/flow/compile-template.ts";
import { textOf } from "../../../shared/flow/parse-messages.ts";

test.for<[template: string, message: string]>([
  ["{{ question | nosuch }}", "Unknown filter nosuch"],
  ["{% if a %}{{ b | upper | nosuch(1) }}{% endif %}", "Unknown filter nosuch"],
  ["{% filter nosuch %}x{% endfilter %}", "Unknown filter nosuch"],
  ["{{ question is nosuch }}", "Unknown test nosuch"],
  ["{% for x in xs if x is not nosuch %}{% endfor %}", "Unknown test nosuch"],
])("%s is refused when it is read, as Jinja2 does, and not when a row comes by", ([template, message]) => {
  expect(() => compileTemplate(template, "jinja2")).toThrow(message);
});

test("every name Jinja2 prompts use is read", () => {
  const names = [
    "default",
    "d",
    "join",
    "length",
    "lower",
    "upper",
    "title",
    "trim",
    "tojson",
    "map",
    "select",
  ];
  for (const name of names) expect(() => compileTemplate(`{{ x | ${name} }}`, "jinja2")).not.toThrow();
});

test.each([
  ["cycler", "{% set turn = cycler('a', 'b') %}{{ turn.next() }}{{ turn.current }}", "ab"],
  ["joiner", "{% set comma = joiner() %}{{ comma() }}{{ comma() }}", ", "],
  ["namespace", "{% set seen = namespace(n=0) %}{% set seen.n = seen.n + 1 %}{{ seen.n }}", "1"],
  ["set", "{{ count }}{% set count = 2 %}{{ count }}", "2"],
  ["macro", "{{ hi is defined }}{% macro hi() %}hi{% endmacro %}{{ hi() }}", "Falsehi"],
  ["loop", "{% for x in [1, 1] %}{{ loop.index }}{{ loop.changed(x) }}{% endfor %}", "1True2False"],
  ["block", "{% block greeting %}hi{% endblock %}{{ self.greeting() }}", "hihi"],
  ["text", "{% for x in [1, 2] %}a{% endfor %}b", "aab"],
])("rendered again, a template finds nothing of the time before: %s", (_what, source, text) => {
  const template = compileTemplate(source, "jinja2");
  for (let times = 0; times < 3; times += 1) expect(textOf(template.render({}))).toBe(text);
});

test("the work of one rendering does not count in the next, that of the template's functions included", () => {
  const template = compileTemplate(
    "{% for x in range(700) %}{% set many = range(100000) %}{% endfor %}{{ many }}",
    "jinja2",
  );
  for (let times = 0; times < 4; times += 1) expect(textOf(template.render({}))).toBe("");
});
