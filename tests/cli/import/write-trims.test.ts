import { expect, test } from "vitest";
import { writeTrims } from "../../../cli/import/write-trims.ts";
import { compileTemplate } from "../../../shared/flow/compile-template.ts";

/** What stock Jinja2 prints for the rewritten template. */
function printed(template: string, inputs: Record<string, unknown> = {}): string {
  const segments = compileTemplate(writeTrims(template), "jinja2").render(inputs);
  return segments.map(({ text }) => text).join("");
}

const ITEMS = { items: [1, 2] };

/** What Prompt Flow prints, whose Jinja2 has `trim_blocks`: a template, its inputs, the text. */
const CASES: [string, Record<string, unknown>, string][] = [
  ["Items:\n{% for item in items %}\n- {{item}}\n{% endfor %}\nEnd", ITEMS, "Items:\n- 1\n- 2\nEnd"],
  ["{% for item in items %}\n  - {{item}}\n{% endfor %}\n  End", ITEMS, "  - 1\n  - 2\n  End"],
  ["a\n{% if true %}\n\n  b\n{% endif %}\n\n\nc", {}, "a\n\n  b\n\n\nc"],
  ["a {% if true %}\nb{% endif %}\n{{ c }}", { c: " c" }, "a b c"],
  ["{# note #}\nUse it.\n{# other #}\n\nEnd", {}, "Use it.\n\nEnd"],
  ["{%- set x = 1 -%}\n\n a{% set y = 2 +%}\nb", {}, "a\nb"],
  ["{% raw %}\n{% if x %}\n{{ y }}\n{% endraw %}\nEnd", {}, "\n{% if x %}\n{{ y }}\nEnd"],
  ["{% set a = '%}\n' %}\n{{ a }}|{{ '{% x %}\n' }}|", {}, "%}\n|{% x %}\n|"],
  ["{{ a }}\n{{ b }}\n", { a: 1, b: 2 }, "1\n2\n"],
  ["{% if true %}\n{% if true %}\nx\n{% endif %}\n{% endif %}\n{% set a = 1 %}\n", {}, "x\n"],
  ["a{# x -#}\n  b{# y +#}\nc{% if true %}\t\nd{% endif %}", {}, "ab\nc\t\nd"],
];

test.for(CASES)("%j prints what Prompt Flow prints", ([template, inputs, text]) => {
  expect(printed(template, inputs)).toBe(text);
});

test("a tag alone on its line stays there", () => {
  expect(writeTrims("{% for d in docs %}\n- {{d}}\n{% endfor %}\nuser:\n{{q}}\n")).toBe(
    "{% for d in docs -%}\n- {{d}}\n{% endfor -%}\nuser:\n{{q}}\n",
  );
});
