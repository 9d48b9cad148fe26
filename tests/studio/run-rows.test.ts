import { describe, expect, test } from "vitest";
import type { RowAnswer } from "../../shared/model/run.ts";
import type { PlacedRow } from "../../studio/data/placed-row.ts";
import { chooseRows, type RowChoice, rowKey } from "../../studio/data/row-choice.ts";
import { sliceFields, slicesBy } from "../../studio/data/slices.ts";
import { sampleRow } from "../pipelines/decide/report-samples.ts";

const ALL: RowChoice = { show: "all", text: "", sort: "", descending: false };

function answer(relevance: number | null, more: Partial<RowAnswer> = {}): RowAnswer {
  const passed = relevance === null ? undefined : relevance >= 3;
  return {
    ...sampleRow().candidate,
    scores: { relevance: { value: relevance, passed, reason: undefined } },
    ...more,
  };
}

function row(id: string, candidate: RowAnswer, fields: object = {}, baseline?: RowAnswer): PlacedRow {
  const result = sampleRow();
  return {
    result: {
      ...result,
      row: { ...result.row, id, fields: { question: `About ${id}?`, ...fields } },
      candidate,
      baseline,
    },
    shard: "all",
    offset: 0,
  };
}

const ROWS = [
  row("q2", answer(5), { category: "tents", note: "one" }, answer(1)),
  row("q10", answer(1), { category: "tents", note: "two" }, answer(5)),
  row("q1", answer(null), { category: "boots", note: "three" }),
  row("q3", answer(3, { answer: undefined }), { category: "boots", note: "four" }),
];
const ids = (choice: Partial<RowChoice>): string[] =>
  chooseRows(ROWS, { ...ALL, ...choice }).map(({ result }) => result.row.id);

describe("rows of a run", () => {
  test("are sorted by a metric either way, what has no value last", () => {
    expect(ids({ sort: "relevance" })).toEqual(["q10", "q3", "q2", "q1"]);
    expect(ids({ sort: "relevance", descending: true })).toEqual(["q2", "q3", "q10", "q1"]);
    expect(ids({ sort: "row" })).toEqual(["q1", "q2", "q3", "q10"]);
  });

  test("are chosen by what fails, where a score that is none never passes", () => {
    expect(ids({ show: "failing" })).toEqual(["q10", "q1", "q3"]);
    expect(ids({ show: "errors" })).toEqual(["q3"]);
    expect(ids({ show: "worse" })).toEqual(["q10"]);
    expect(ids({ show: "better" })).toEqual(["q2"]);
    expect(ids({ text: "about Q10" })).toEqual(["q10"]);
  });

  test("have a name of their own in an address, also where they are answered again", () => {
    const [first] = ROWS;
    if (!first) throw new Error("There is a row.");
    expect(rowKey(first)).not.toBe(rowKey({ ...first, result: { ...first.result, trial: 1 } }));
  });
});

describe("slices", () => {
  test("are offered for fields that group rows, and for no others", () => {
    expect(sliceFields(ROWS)).toEqual(["category"]);
  });

  test("are means of the rows that have a value", () => {
    const [tents, boots] = slicesBy(ROWS, "category", ["relevance"]);
    expect(tents).toEqual({ value: "tents", rows: 2, means: { relevance: { mean: 3, production: 3 } } });
    expect(boots?.means["relevance"]).toEqual({ mean: 3, production: null });
  });
});
