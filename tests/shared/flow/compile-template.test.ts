import { expect, test } from "vitest";
import { compileTemplate } from "../../../shared/flow/compile-template.ts";

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
