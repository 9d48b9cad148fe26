import { expect, test } from "vitest";
import { compileTemplate } from "../../../shared/flow/compile-template.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";

/** Each of these once took minutes or the process down in some parser; now each ends in a finding, at once. */
const FLOW =
  "name: a\nprompt: p.prompty\nevaluation: { datasets: d.jsonl }\ngate: { latency: { p95: '<= 1s' } }\n";

function errorsOf(files: Record<string, string>): string[] {
  const whole = {
    "flow.yaml": FLOW,
    "d.jsonl": '{"question":"a"}',
    "p.prompty": "user:\n{{ question }}",
    ...files,
  };
  const encoded = new Map(
    Object.entries(whole).map(([path, text]) => [path, new TextEncoder().encode(text)]),
  );
  return validateFlow(encoded, { evaluators: [], metrics: ["latency"] }).diagnostics.map(
    ({ file, message }) => `${file}: ${message}`,
  );
}

test.each([
  [
    "thousands of keys twice",
    { "flow.yaml": "k: x\n".repeat(30_000) },
    /flow\.yaml: This key is given twice/,
  ],
  [
    "thousands of unknown keys",
    { "flow.yaml": Array.from({ length: 15_000 }, (_, i) => `k${i}: x`).join("\n") },
    /Unknown key k0/,
  ],
  [
    "thousands of steps that use what nothing supplies, from files that are not there",
    {
      "flow.yaml": `${FLOW}steps:\n${Array.from({ length: 2000 }, (_, i) => `  s${i}: { lookup: k${i}.jsonl, by: id, equals: "{{ z${i} }}" }`).join("\n")}`,
    },
    /There is no file or folder k0\.jsonl/,
  ],
  [
    "a template of nothing but errors",
    { "p.prompty": `user:\n${"{{ x | nope }}\n".repeat(3000)}` },
    /Unknown filter nope/,
  ],
  ["blocks that never end", { "p.prompty": `user:\n${"{% if x %}".repeat(2000)}` }, /endif|nested/],
  ["lists in lists without end", { "flow.yaml": `a: x\n${"b: - ".repeat(30_000)}` }, /flow\.yaml: /],
  ["explicit keys in keys", { "flow.yaml": "? ".repeat(90_000) }, /nested too deep/],
  ["too much YAML", { "flow.yaml": "#".repeat(300_000) }, /longer than 200000/],
  ["a key that is a list", { "flow.yaml": "? [a, b]\n: c\n" }, /A key is a plain text/],
  [
    "a row nested too deep",
    { "d.jsonl": `{"q":${"[".repeat(100_000)}${"]".repeat(100_000)}}` },
    /nested more than 64/,
  ],
  ["JSON that only opens", { "d.jsonl": "[".repeat(1_000_000) }, /d\.jsonl: This is not JSON/],
  ["a row of 11 MB", { "d.jsonl": `{"q":"${"x".repeat(11_000_000)}"}` }, /limit is 10 MB/],
  [
    "what begins like a key and goes on",
    { "x.txt": "sk-".repeat(5_000_000) },
    /x\.txt: This looks like an API key/,
  ],
  ["a template of whitespace", { "p.prompty": `x${"\n".repeat(300_000)}y` }, /no user message/],
  [
    "tags that never close",
    { "p.prompty": `user:\n{% raw %}${`{%${" ".repeat(1000)}`.repeat(500)}` },
    /no \{% endraw %\}/,
  ],
  ["a prompt in bytes that are no text", { "p.prompty": "\uD800user" }, /p\.prompty: /],
])("%s", (_what, files, expected) => {
  expect(errorsOf(files).join("\n")).toMatch(expected);
});

test.each([
  ["%(".repeat(500_000), /not closed/],
  [`%${"0".repeat(1_000_000)}`, /format/],
])("a hostile format is refused: %.10s", (x, message) => {
  expect(() => compileTemplate("{{ x | format }}", "jinja2").render({ x })).toThrow(message);
});

test.each([
  ["{{ x | striptags }}", "<!--".repeat(500_000)],
  ["{{ x | striptags }}", "<".repeat(1_000_000)],
  ["{{ x.split() | length }}", " ".repeat(1_000_000)],
])("%s over a hostile value ends", (template, x) => {
  expect(compileTemplate(template, "jinja2").render({ x })).toHaveLength(1);
});
