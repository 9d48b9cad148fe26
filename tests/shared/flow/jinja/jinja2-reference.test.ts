import { expect, test } from "vitest";
import { parseTemplate } from "../../../../shared/flow/jinja/parse-template.ts";
import { renderTemplate } from "../../../../shared/flow/jinja/render-template.ts";
import reference from "./jinja2-reference.json" with { type: "json" };

function render(template: string, inputs: Record<string, unknown>): string {
  return renderTemplate(parseTemplate(template), inputs)
    .map(({ text }) => text)
    .join("");
}

test.each(reference.cases)("renders as stock Jinja2 does: $template", ({ template, rendered }) => {
  expect(render(template, reference.inputs)).toBe(rendered);
});

test("a field of what is missing is missing too, so that a lookup without result leaves a gap", () => {
  expect(render("[{{ customer.address.city }}]", { customer: null })).toBe("[]");
  expect(render("[{{ nobody.address.city }}]", {})).toBe("[]");
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
