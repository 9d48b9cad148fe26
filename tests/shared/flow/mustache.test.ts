import { expect, test } from "vitest";
import { parseMustache, renderMustache } from "../../../shared/flow/mustache.ts";

function render(template: string, inputs: Record<string, unknown> = {}): string {
  return renderMustache(parseMustache(template), inputs)
    .map(({ text }) => text)
    .join("");
}

test.each([
  ["Hello {{name}}!", { name: "World" }, "Hello World!"],
  ["{{ user.name }} {{{user.name}}} {{&user.name}}", { user: { name: "<b>" } }, "<b> <b> <b>"],
  ["[{{missing}}{{a.b.c}}]", { a: {} }, "[]"],
  ["{{#items}}{{.}},{{/items}}", { items: [1, 2] }, "1,2,"],
  ["{{#items}}{{name}}{{/items}}", { items: [{ name: "a" }, { name: "b" }] }, "ab"],
  ["{{#user}}{{name}}{{outer}}{{/user}}", { user: { name: "a" }, outer: "o" }, "ao"],
  ["{{#items}}x{{/items}}{{^items}}none{{/items}}", { items: [] }, "none"],
  ["{{^show}}hidden{{/show}}", {}, "hidden"],
  ["a{{! a comment }}b", {}, "ab"],
  ["{{=<% %>=}}<% x %> {{x}}", { x: 1 }, "1 {{x}}"],
  ["list:\n{{#items}}\n- {{.}}\n{{/items}}\nend", { items: ["a", "b"] }, "list:\n- a\n- b\nend"],
  ["{{n}} {{t}} {{o}}", { n: 1.5, t: true, o: { a: 1 } }, '1.5 true {"a":1}'],
  ["[{{constructor}}{{a.constructor}}{{__proto__}}]", { a: {} }, "[]"],
])("%s", (template, inputs, rendered) => {
  expect(render(template, inputs)).toBe(rendered);
});

test.each([
  ["{{#a}}", /not closed/],
  ["{{/a}}", /not open/],
  ["{{#a}}{{/b}}", /not open/],
  ["{{> part}}", /Partials/],
  ["{{ a", /not closed/],
  ["{{#a}}".repeat(200), /too deep/],
])("refuses %.20s", (template, message) => {
  expect(() => parseMustache(template)).toThrow(message);
});
