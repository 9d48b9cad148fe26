import { expect, test } from "vitest";
import { renderMustache } from "../../../shared/flow/mustache.ts";
import { parseMustache, readMustache } from "../../../shared/flow/parse-mustache.ts";

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
  ["{{ a\n{{b}}", /not closed/],
  ["{{#a}}".repeat(200), /too deep/],
])("refuses %.20s", (template, message) => {
  expect(() => parseMustache(template)).toThrow(message);
});

test("all that is wrong in a template is found at once, and what is in a comment is not", () => {
  const lines = ["{{! {{x}} }}{{/a}}", "{{#b}}{{name", "{{> part}}{{#c}}", "{{/b}} {{=x}} {{#d}}"];
  const { wrong, ends } = readMustache(lines.join("\n"));
  const found = wrong.map(
    ({ message, offset }) => `${lines.join("\n").slice(offset).slice(0, 6)} ${message}`,
  );
  expect(found).toEqual([
    "{{/a}} {{/a}} closes a section that is not open.",
    "{{name The {{ that opens here is not closed.",
    "{{> pa Partials are not supported: a prompt's template is one file.",
    "{{#c}} The section c is not closed.",
    "{{=x}} Delimiters are set as {{=<% %>=}}.",
    "{{#d}} The section d is not closed.",
  ]);
  expect(ends).toBe("{{/d}}");
});

test.each([["{{".repeat(400_000)], ["{{a\n".repeat(200_000)], [`${"{{a\n".repeat(200_000)}}}`]])(
  "a template of nothing but what is wrong is read in bounded time",
  (template) => {
    expect(readMustache(template).wrong).toHaveLength(100);
  },
);
