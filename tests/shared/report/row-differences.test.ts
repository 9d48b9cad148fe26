import { expect, test } from "vitest";
import type { RowAnswer } from "../../../shared/model/run.ts";
import { createRowDifferences } from "../../../shared/report/row-differences.ts";
import type { RowPair } from "../../../shared/report/row-flip.ts";
import { sampleRow } from "../../pipelines/decide/report-samples.ts";

function answer(value: number | null): RowAnswer {
  const { candidate } = sampleRow();
  const passed = value === null ? undefined : value >= 3;
  return {
    ...candidate,
    answer: `worth ${value}`,
    scores: { relevance: { value, passed, reason: undefined } },
  };
}

function pair(id: string, before: number | null, after: number | null): RowPair {
  return {
    row: { ...sampleRow().row, id },
    trial: 0,
    before: answer(before),
    after: answer(after),
  };
}

function differences(
  ...clusters: RowPair[][]
): ReturnType<ReturnType<typeof createRowDifferences>["differences"]> {
  const fold = createRowDifferences();
  for (const cluster of clusters) fold.add(cluster);
  return fold.differences();
}

test("the difference of means has the interval of a paired t-test where every row is its own", () => {
  const { metrics } = differences([pair("a", 3, 4)], [pair("b", 4, 4)], [pair("c", 2, 5)], [pair("d", 5, 5)]);
  // Differences 1, 0, 3, 0: mean 1, standard deviation √2, t(0.975, 3) = 3.1824.
  const found = metrics.find(({ metric, statistic }) => metric === "relevance" && statistic === "mean");
  expect(found).toMatchObject({ before: { value: 3.5 }, after: { value: 4.5 }, changed: 2 });
  expect(found?.difference).toMatchObject({ value: 1, text: "+1", pairs: 4 });
  expect(found?.difference.interval?.low).toBeCloseTo(1 - (3.182446 * Math.SQRT2) / 2, 5);
});

test("rows of one cluster do not make the difference surer than the cluster does", () => {
  const rows = [pair("a", 3, 4), pair("b", 4, 4), pair("c", 2, 5), pair("d", 5, 5)];
  const width = (found: ReturnType<typeof differences>): number => {
    const interval = found.metrics.find(({ statistic }) => statistic === "mean")?.difference.interval;
    return (interval?.high ?? 0) - (interval?.low ?? 0);
  };
  const repeated = rows.map((row) => [row, row, row]);
  expect(width(differences(...repeated))).toBeCloseTo(width(differences(...rows.map((row) => [row]))), 9);
});

test("a row that passed and does not now is broken, also where its score went missing; null is no pass", () => {
  const found = differences([pair("a", 4, 2)], [pair("b", 4, null)], [pair("c", 1, 5)], [pair("d", null, 2)]);
  expect([found.broken, found.mended]).toEqual([2, 1]);
  expect(found.flips.map(({ id, before, after, scores }) => [id, before, after, scores[0]?.now])).toEqual([
    ["a", "worth 4", "worth 2", "fails"],
    ["b", "worth 4", "worth null", "fails"],
    ["c", "worth 1", "worth 5", "passes"],
  ]);
});

test("flips beyond the first fifty are counted and not kept", () => {
  const found = differences(...Array.from({ length: 200 }, (_, index) => [pair(`${index}`, 5, 1)]));
  expect([found.broken, found.flips.length, found.pairs]).toEqual([200, 50, 200]);
});
