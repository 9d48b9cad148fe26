import { expect, test } from "vitest";
import {
  convertTemplate,
  hasMarker,
  withUserMessage,
  type Binding,
} from "../../../cli/import/convert-template.ts";
import { compileTemplate } from "../../../shared/flow/compile-template.ts";

function bindings(given: Record<string, string>, kind: Binding["kind"] = "expression"): Map<string, Binding> {
  return new Map(Object.entries(given).map(([name, text]) => [name, { kind, text }]));
}

test("names are renamed where they are read, and nowhere else", () => {
  const template =
    "text text {{ text }} {% if text and other.text %}{{ text.title | upper }} {{ 'text' }}{% endif %}";
  expect(convertTemplate(template, bindings({ text: "page.body" }))).toBe(
    "text text {{ page.body }} {% if page.body and other.text %}{{ page.body.title | upper }} {{ 'text' }}{% endif %}",
  );
});

test("two names can change places", () => {
  expect(convertTemplate("{{a}} {{b}}", bindings({ a: "b", b: "a" }))).toBe("{{b}} {{a}}");
});

test("a loop variable that is called like the new name does not hide it", () => {
  const converted = convertTemplate(
    "{% for doc in docs %}{{doc}}{{title}}{% endfor %}",
    bindings({ title: "doc" }),
  );
  const rendered = compileTemplate(converted, "jinja2").render({ docs: [1, 2], doc: "T" });
  expect(
    rendered
      .map(({ text }) => text)
      .join("")
      .trim(),
  ).toBe("1T2T");
});

test("a prompt node's template stands where its text was printed, roles and all", () => {
  const inner = "system:\nBe kind.\nuser:\n{{question}}";
  expect(convertTemplate("{{ prompt_text }}\n", bindings({ prompt_text: inner }, "template"))).toBe(
    `${inner}\n`,
  );
});

test("where its text is worked on, it is set before", () => {
  const converted = convertTemplate(
    "user:\n{{ hint | upper }}",
    bindings({ hint: "be {{tone}}" }, "template"),
  );
  expect(converted).toBe("{% set hint %}be {{tone}}{% endset %}\nuser:\n{{ hint | upper }}");
  const rendered = compileTemplate(converted, "jinja2").render({ tone: "kind" });
  expect(rendered.map(({ text }) => text).join("")).toBe("\nuser:\nBE KIND");
});

test("a template without roles becomes a user's message", () => {
  expect(withUserMessage("Sum up {{text}}.")).toBe("user:\nSum up {{text}}.");
  expect(["Sum up.", "# system:\nSum up."].map(hasMarker)).toEqual([false, true]);
});

test("a value that is written out takes the place of its name, whatever is in it", () => {
  const bindings = new Map([["b", { kind: "expression" as const, text: '({"(": none})' }]]);
  expect(convertTemplate("{{b}}{% for x in b %}{{ x }}{% endfor %}", bindings)).toBe(
    '{{({"(": none})}}{% for x in ({"(": none}) %}{{ x }}{% endfor %}',
  );
});
