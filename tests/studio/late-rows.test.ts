import { expect, test } from "vitest";
import { lateRowsWords } from "../../studio/data/late-rows.ts";

const view = { rows: { used: 32, of: 72, why: "It was certain." } };

test("rows that came too late for the verdict are told from those it was measured on", () => {
  expect(lateRowsWords(view, 35)).toMatch(/^3 more rows came in too late.* show them too/);
  expect(lateRowsWords(view, 33)).toMatch(/^1 more row came in too late.* show it too/);
});

test("where every row counts, or not all are there yet, nothing is said", () => {
  expect([lateRowsWords(view, 32), lateRowsWords(view, 10), lateRowsWords(undefined, 35)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
