import { expect, test } from "vitest";
import { wholeFloats } from "../../../shared/flow/whole-floats.ts";

test("whole numbers that are written as floats are found where they stand, and none in texts", () => {
  const text = '{"a 1.0": [2.0, -3.0, 4, 1.5, 1e2, "5.0 \\" 6.0", "\\\\", 7.00], "é": "8.0"}';
  const found = wholeFloats(text, 20);
  expect(found.map(({ written }) => written)).toEqual(["2.0", "-3.0", "1e2", "7.00"]);
  for (const { written, offset } of found) expect(text.startsWith(written, offset)).toBe(true);
  expect(wholeFloats(text, 2)).toHaveLength(2);
});

test.each([
  ["a text of 10 MB", JSON.stringify({ question: "x".repeat(10_000_000), n: 2.5 })],
  ["one of nothing but escapes", JSON.stringify({ question: "\n".repeat(5_000_000) })],
  ["one of nothing but quotes", JSON.stringify({ question: '"'.repeat(5_000_000) })],
  ["a number of many digits", `{"n": ${"1".repeat(1_000_000)}.0e${"0".repeat(1_000_000)}1}`],
])("%s is read at a stretch", (_, text) => {
  expect(wholeFloats(text, 20)).toEqual([]);
});
