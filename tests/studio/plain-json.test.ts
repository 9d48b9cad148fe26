import { expect, test } from "vitest";
import { parsePlainJson } from "../../studio/data/plain-json.ts";

const TURNED = "\u202Eevil\u0007\u0085 \u2066name";

test("what others wrote is shown without characters that turn or hide text, wherever in an answer it stands", () => {
  const answer = { reason: TURNED, rows: [{ fields: { [TURNED]: TURNED, count: 3, none: null } }] };
  const plain = {
    reason: "evil name",
    rows: [{ fields: { "evil name": "evil name", count: 3, none: null } }],
  };
  expect(parsePlainJson(JSON.stringify(answer))).toEqual(plain);
});

test.each(["\u0000", "\u001B[31m", "\u007F", "\uD800", "a\rb"])("%j alone is found too", (text) => {
  expect(parsePlainJson(JSON.stringify([text]))).not.toEqual([text]);
});

test("line breaks, tabs, and writing of any language stay", () => {
  const texts = ["one\n\ttwo", "שלום", "日本 👩‍💻", 'a "quote" \\ and a path C:\\users'];
  expect(parsePlainJson(JSON.stringify(texts))).toEqual(texts);
});
