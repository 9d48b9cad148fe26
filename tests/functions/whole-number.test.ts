import { expect, test } from "vitest";
import { wholeNumber } from "../../functions/whole-number.ts";

const top = (query: string): number =>
  wholeNumber({ query: new URLSearchParams(query) }, "top", { least: 1, otherwise: 50 });

test("a number of a query is the one that is given, or the default where none is", () => {
  expect([top("top=7"), top("top=1"), top("other=3")]).toEqual([7, 1, 50]);
});

test.each(["abc", "0", "-1", "1.5", "", " ", "1e99"])("top=%s is refused, with what would do", (text) => {
  expect(() => top(`top=${text}`)).toThrow("top: a whole number from 1; 50 by default.");
});
