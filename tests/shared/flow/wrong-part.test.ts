import { expect, test } from "vitest";
import { GOOD, problemsOf } from "./good-folder.ts";

const declared = (declaration: string, value: unknown): string[] =>
  problemsOf({
    ...GOOD,
    "chat.prompty": `${GOOD["chat.prompty"]?.replace("inputs:", `inputs:\n  more: ${declaration}`)}{{ more }}\n`,
    "data/rows.jsonl": `${JSON.stringify({ question: "Hi", customerId: "1", ground_truth: "a", more: value })}\n`,
  });

test.each([
  [
    "{ type: list, items: { type: string } }",
    ["a", 3],
    "more[1] is declared as string; here stands the number 3.",
  ],
  ["{ type: list, items: integer }", [1, "2"], 'more[1] is declared as integer; here stands the text "2".'],
  [
    "{ type: object, properties: { age: { type: integer } } }",
    { age: "old" },
    'more.age is declared as integer; here stands the text "old".',
  ],
  [
    "{ type: list, items: { type: object, properties: [{ name: tags, kind: array, items: { kind: string } }] } }",
    [{ tags: ["a"] }, { tags: ["a", true] }],
    "more[1].tags[1] is declared as string; here stands true.",
  ],
])("what %s holds is checked in rows, at its place", (declaration, value, message) => {
  expect(declared(declaration, value)).toEqual([
    expect.stringMatching(/^data\/rows\.jsonl:1:\d+: warning: In the input more, /),
  ]);
  expect(declared(declaration, value)[0]).toContain(message);
});

test.each([
  ["{ type: list, items: { type: string } }", ["a", null]],
  ["{ type: list }", ["a", 3]],
  ["{ type: object, properties: { age: { type: integer } } }", { name: "Bo" }],
  ["{ type: list, items: { type: whatever } }", [1]],
])("%s takes %j", (declaration, value) => {
  expect(declared(declaration, value).filter((found) => found.includes("error"))).toEqual([]);
});
