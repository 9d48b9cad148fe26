import { expect, test } from "vitest";
import { createFindings } from "../../../shared/flow/diagnostics.ts";
import { parsePrompty } from "../../../shared/flow/parse-prompty.ts";
import { parseYaml } from "../../../shared/flow/parse-yaml.ts";
import { computingTime } from "../computing-time.ts";

function parsed(text: string) {
  const findings = createFindings();
  const yaml = parseYaml("a.yaml", text, findings);
  return {
    yaml,
    problems: findings.list.map(
      ({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`,
    ),
  };
}

test.each([
  ["a: &a [*a]", "1:8"],
  ["steps: &s {a: *s}", "1:15"],
  ["a: &a\n  b: &b\n    - 1\n    - c: *a", "4:10"],
  ["a: &a\n  <<: *a", "2:7"],
  ["&all\na: *all", "2:4"],
])("an alias of what it stands in is refused where it stands: %j", (text, place) => {
  const { yaml, problems } = parsed(text);
  expect(yaml).toBeUndefined();
  expect(problems).toEqual([
    expect.stringMatching(`^${place} error The alias \\*\\w+ stands in what it is an alias of`),
  ]);
});

test("what the parser says twice of one place is said once", () => {
  const { problems } = parsed("rollout: immediate\n  bad: [\n");
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["1:10"]);
});

test("an anchor that is named again is another one", () => {
  expect(parsed("a: &a 1\nb: &b [*a]\nc: &a [*b]\nd: *a").yaml?.value).toEqual({
    a: 1,
    b: [1],
    c: [[1]],
    d: [[1]],
  });
});

test("an alias of itself in a prompt's frontmatter is refused with its place", () => {
  const { prompt, diagnostics } = parsePrompty(
    "p.prompty",
    "---\ninputs:\n  q: { type: list, default: &d [*d] }\n---\nuser:\n{{ q }}",
    new Map(),
  );
  expect(prompt).toBeUndefined();
  expect(diagnostics).toMatchObject([{ severity: "error", file: "p.prompty", line: 3, column: 33 }]);
});

test("<< merges the keys of maps: its own go first, then those of the map that stands first", () => {
  const text = [
    "base: &base { model: a, top: 1, size: 2 }",
    "more: &more { top: 3, name: b }",
    "one: { <<: *base, top: 9 }",
    "two: { top: 9, <<: [*more, *base] }",
    "three: { <<: { x: 1 } }",
    'four: { "<<": 1 }',
  ].join("\n");
  const { yaml, problems } = parsed(text);
  expect(problems).toEqual([]);
  expect(yaml?.value).toMatchObject({
    one: { model: "a", top: 9, size: 2 },
    two: { top: 9, name: "b", model: "a", size: 2 },
    three: { x: 1 },
    four: { "<<": 1 },
  });
  expect(Object.keys(Object(yaml?.value).one)).not.toContain("<<");
  expect(yaml?.placeOf(["one", "top"])).toEqual({ line: 3, column: 24 });
  expect(yaml?.placeOf(["one", "size"])).toEqual({ line: 1, column: 39 });
  expect(yaml?.placeOf(["two", "name"], "key")).toEqual({ line: 2, column: 23 });
});

test.each(["a: { <<: 1 }", "b: &b [1]\na: { <<: *b }", "a: { <<: [{ x: 1 }, text] }", "a: { <<: }"])(
  "what is merged and no map is refused: %j",
  (text) => {
    const { yaml, problems } = parsed(text);
    expect(yaml).toBeUndefined();
    expect(problems).toEqual([expect.stringMatching(/^\d:\d+ error What << merges is a map\./)]);
  },
);

test("merges of merges of merges end at once", async () => {
  const levels = Array.from({ length: 11 }, (_, level) => {
    const source =
      level === 0 ? "{ x: 1 }" : `[${Array.from({ length: 9 }, () => `*m${level - 1}`).join(", ")}]`;
    return `m${level}: &m${level}\n  <<: ${source}`;
  });
  const took = await computingTime(() => {
    expect(parsed(levels.join("\n")).problems).toEqual([expect.stringMatching("error")]);
  });
  expect(took).toBeLessThan(5_000);
});
