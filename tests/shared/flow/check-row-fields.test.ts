import { expect, test } from "vitest";
import { changed, GOOD, problemsOf } from "./good-folder.ts";

const rows = (...fields: object[]): string =>
  fields
    .map((more) => `${JSON.stringify({ question: "Hi", customerId: "1", ground_truth: "Hello", ...more })}\n`)
    .join("");
const TONED = changed(
  "chat.prompty",
  "  customer: { type: object }\n---\nsystem:\n",
  "  customer: { type: object }\n  tone: { type: string, default: kind }\n---\nsystem:\nBe {{ tone }}.\n",
);

test("a field that is called nearly as an input which no row gives is named once, where it first stands", () => {
  const found = problemsOf({
    ...TONED,
    "data/rows.jsonl": rows({}, { id: "b", tonne: "a" }, { id: "c", tonne: "b" }),
  });
  expect(found).toEqual([
    "data/rows.jsonl:2:75: warning: Nobody uses the field tonne, and no row gives tone.",
  ]);
});

test("a slip in one row of many is named at each row that has it", () => {
  const found = problemsOf({
    ...TONED,
    "data/rows.jsonl": rows(
      { tone: "a" },
      { id: "b", tonne: "a" },
      { id: "c", tone: "b", tonne: "c" },
      { id: "d", toen: "b" },
    ),
  });
  expect(found).toEqual([
    "data/rows.jsonl:2:75: warning: Nobody uses the field tonne, and the row lacks tone.",
    "data/rows.jsonl:4:74: warning: Nobody uses the field toen, and the row lacks tone.",
  ]);
});

test.each<[what: string, files: Record<string, string>, fields: object | object[]]>([
  ["the input is given too", TONED, { tonne: "a", tone: "b" }],
  [
    "other rows give the input, and the field is a word of its own",
    TONED,
    [{ tone: "a" }, { id: "b", toneOfVoice: "x" }],
  ],
  ["no input is called alike", TONED, { weight: 3 }],
  ["the field only describes the row", TONED, { tags: ["a"], category: "b" }],
  [
    "another prompt that may answer uses it",
    { ...TONED, "brief.prompty": `${GOOD["brief.prompty"]}{{ tonne }}` },
    { tonne: "a" },
  ],
])("where %s, nothing is said", (_what, files, fields) => {
  expect(problemsOf({ ...files, "data/rows.jsonl": rows(...[fields].flat()) })).toEqual([]);
});
