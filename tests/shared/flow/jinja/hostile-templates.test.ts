import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTemplate } from "../../../../shared/flow/jinja/parse-template.ts";
import { renderTemplate } from "../../../../shared/flow/jinja/render-template.ts";
import { positionAt, TemplateError } from "../../../../shared/flow/jinja/template-error.ts";
import { computingTime } from "../../computing-time.ts";

function render(template: string, inputs: Record<string, unknown> = {}): string {
  return renderTemplate(parseTemplate(template), inputs)
    .map(({ text }) => text)
    .join("");
}

test.each([
  "{{ x.constructor }}",
  "{{ x['constructor'] }}",
  "{{ x.__proto__ }}",
  "{{ x['__proto__'] }}",
  "{{ ''.constructor }}",
  "{{ [].constructor }}",
  "{{ range.constructor }}",
  "{{ x.toString }}",
  "{{ x.hasOwnProperty }}",
  "{{ f }}",
  "{{ x | attr('constructor') }}",
  "{{ [x] | map(attribute='__proto__') | join }}",
])("nothing of JavaScript is reachable: %s", (template) => {
  const rendered = render(template, { x: { a: 1 }, f: undefined });
  expect(rendered).toBe("");
});

test("a function among the inputs can be neither called nor read", () => {
  let called = false;
  const f = (): string => {
    called = true;
    return "reached";
  };
  expect(() => render("{{ f() }}", { f })).toThrow(/cannot be called/);
  expect(() => render("{{ o.f() }}", { o: { f } })).toThrow(/cannot be called/);
  expect(called).toBe(false);
});

test("a key named __proto__ in a dict of the template is an ordinary key", () => {
  expect(
    render("{% set d = {'__proto__': {'polluted': 1}} %}{{ d['__proto__'].polluted }}{{ d.polluted }}"),
  ).toBe("1");
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each([
  ["{% for i in range(1000000000) %}x{% endfor %}", /list of more than/],
  ["{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", /too much work/],
  ["{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", /calls itself too often/],
  [
    "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
    /too much work|text of more than/,
  ],
  [
    "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}{{ ns.l }}",
    /list of more than|too much work/,
  ],
  [
    "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
    /text of more than/,
  ],
  [
    "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l | tojson }}",
    /too much work|text of more than/,
  ],
  [
    "{% set ns = namespace(t=(1,)) %}{% for i in range(60) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ [ns.t] | unique | list | length }}",
    /too large to be a key/,
  ],
  [
    "{% set s = '😀' * 300000 %}{% for i in range(99999) %}{{ s[5] }}{{ s | length }}{% endfor %}",
    /too much work/,
  ],
  ["{{ 'a' * 1000000000 }}", /text of more than/],
  ["{{ 'aaaaaaaa' | replace('a', 'b' * 1000000) }}", /text of more than/],
  ["{{ 'x' | center(1000000000) }}", /text of more than/],
  ["{{ '%1000000000d' | format(1) }}", /too large/],
  ["{{ (['a'] * 100000) | join('b' * 100000) }}", /text of more than/],
  [`{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`, /nested more than/],
  ["{% if a %}".repeat(5000), /nested more than|ends before/],
  [`{{ ${"1 + ".repeat(200_000)}1 }}`, /too long/],
  [`{{ ${"not ".repeat(5000)}1 }}`, /nested more than/],
  ["x".repeat(1_000_001), /longer than/],
])("a hostile template ends in an error: %.60s", (template, message) => {
  expect(() => render(template, { a: 1 })).toThrow(message);
});

test.each([
  ["{{ ('a' * 100000) | wordwrap(1) | length }}", "199999"],
  ["{{ ('a-' * 50000) | wordwrap(1) | length }}", "199999"],
  ["{{ ('<' * 200000) | striptags | length }}", "200000"],
  ["{{ ('a@' * 100000) | urlize | length }}", "200000"],
  ["{{ ('(' * 100000 ~ ')' * 100000) | urlize | length }}", "200000"],
  ["{{ range(100000) | unique | sort(reverse=true) | first }}", "99999"],
  [
    "{% set s = 'π' * 300000 %}{% for i in range(50) %}{% if s %}{{ s[-1] }}{% endif %}{% endfor %}",
    "π".repeat(50),
  ],
])("a filter takes time linear in the length: %.60s", async (template, text) => {
  expect(await computingTime(() => expect(render(template)).toBe(text))).toBeLessThan(5_000);
});

test("a long run of whitespace and of braces is read in linear time", () => {
  const padding = " ".repeat(400_000);
  expect(render(`${padding}{{ 1 }}${padding}{%- if 1 %}x{% endif %}`)).toBe(`${padding}1x`);
  expect(render("{ ".repeat(200_000))).toHaveLength(400_000);
});

test.each([
  ["line one\n{{ name", 2, 1, /no closing/],
  ["{% if a %}\n{% endfor %}", 2, 1, /Unknown tag/],
  ["a\n  {{ 1 / 0 }}", 2, 6, /Division by zero/],
  ["{{ x | nope }}", 1, 8, /Unknown filter nope\. Known: .*upper/],
  ["{{ 1 is nope }}", 1, 9, /Unknown test nope/],
  ["{% include 'x' %}", 1, 1, /not supported/],
  ["{% for i in 5 %}{% endfor %}", 1, 13, /int cannot be looped over/],
])("an error names its place: %s", (template, line, column, message) => {
  let caught: unknown;
  try {
    render(template);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(TemplateError);
  const { offset = -1, message: text } = caught as TemplateError;
  expect(text).toMatch(message);
  expect(positionAt(template, offset)).toEqual({ line, column });
});

test("whatever the text, it renders or is a TemplateError, and never anything else", () => {
  const piece = fc.constantFrom(
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "-",
    "+",
    "if ",
    "for x in ",
    "endif",
    "endfor",
    "else",
    "set ",
    "x",
    "a.b",
    "[0]",
    "|upper",
    "(",
    ")",
    "'",
    '"',
    "\\",
    "\n",
    " ",
    "1",
    "1.5",
    "is defined",
    "not ",
    "raw",
    "endraw",
    "macro m()",
    "endmacro",
    ",",
    ":",
    "~",
    "**",
    "text",
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 25 }),
      fc.jsonValue(),
      (parts, x) => {
        try {
          expect(render(parts.join(""), { x, a: x })).toBeTypeOf("string");
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("text without tags renders as itself", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/\{[{%#]/.test(text));
      expect(render(text)).toBe(text);
    }),
  );
});

test("a value is printed as it is, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(render("{{ value }}", { value })).toBe(value);
    }),
  );
});
