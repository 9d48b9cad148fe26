import { expect, test } from "vitest";
import { parseTemplate } from "../../../../shared/flow/jinja/parse-template.ts";
import { renderTemplate } from "../../../../shared/flow/jinja/render-template.ts";
import { TemplateError } from "../../../../shared/flow/jinja/template-error.ts";
import reference from "./jinja2-reference.json" with { type: "json" };

function render(template: string, inputs: Record<string, unknown>): string {
  return renderTemplate(parseTemplate(template), inputs)
    .map(({ text }) => text)
    .join("");
}

test.each(reference.cases)("renders as stock Jinja2 does: $template", ({ template, rendered }) => {
  expect(render(template, reference.inputs)).toBe(rendered);
});

test.each(reference.refused)("refuses what stock Jinja2 refuses: %s", (template) => {
  expect(() => render(template, reference.inputs)).toThrow(TemplateError);
});

test.for<[template: string, path: string]>([
  ["{{ customer.address.city }}", "customer.address"],
  ["{{ nobody.name }}", "nobody"],
  ["{{ nobody['name'] }}", "nobody"],
  ["{{ nobody() }}", "nobody"],
  ["{{ 1 + nobody }}", "nobody"],
  ["{% for x in customer.orders[0].lines %}{% endfor %}", "customer.orders"],
])("%s is an error that names what is undefined, and what to do", ([template, path]) => {
  expect(() => render(template, { customer: null })).toThrow(
    new RegExp(`^${path} is undefined, .*Supply it, or guard it`),
  );
});

test("a field of none is undefined and prints nothing, so that a lookup without result leaves a gap", () => {
  expect(render("[{{ customer.name }}]", { customer: null })).toBe("[]");
  expect(render("{% for order in customer.orders %}x{% else %}none{% endfor %}", { customer: null })).toBe(
    "none",
  );
});

test("a field named like a dict's method is the field, and called it is the method", () => {
  const order = { items: ["tent"] };
  expect(render("{{ order.items[0] }} {% for k, v in order.items() %}{{ k }}{% endfor %}", { order })).toBe(
    "tent items",
  );
});
