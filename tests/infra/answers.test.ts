import { describe, expect, test } from "vitest";
import { ALERTS } from "./expected-alerts.ts";
import { CHARTS } from "./expected-charts.ts";
import { metrics, turns } from "./expected-rows.ts";
import { TABLES } from "./expected-tables.ts";
import { answer, QUERIES } from "./recorded-scenario.ts";

const EXPECTED = { ...TABLES, ...CHARTS, ...ALERTS };

/** The same rows in one order, without what only the order of adding does to a sum. */
function normal(rows: readonly object[]): string[] {
  return rows
    .map((row) =>
      JSON.stringify(
        Object.entries(row)
          .toSorted(([one], [other]) => one.localeCompare(other))
          .map(([key, value]) => [
            key,
            typeof value === "number" ? Number(value.toPrecision(9)) : (value as unknown),
          ]),
      ),
    )
    .toSorted((one, other) => one.localeCompare(other));
}

// This one has no answer but its rows: that there are any is a sign of life.
test("every query has its answer in TypeScript", () => {
  expect([...Object.keys(EXPECTED), "alerts/silent"].toSorted((a, b) => a.localeCompare(b))).toEqual(QUERIES);
  expect(answer("alerts/silent")).toHaveLength(metrics("flowgate.queue.age").length);
});

describe.each(Object.entries(EXPECTED))("%s", (name, expected) => {
  test("answers what the same question asked in TypeScript does, sampled items counted for all they stand for", () => {
    expect(normal(answer(name))).toEqual(normal(expected()));
  });
});

test("what was recorded is partly sampled, and known in numbers", () => {
  expect(new Set(turns.map(({ itemCount }) => itemCount))).toEqual(new Set([1, 4]));
  const told: Record<string, number> = {};
  for (const { outcome, turns } of answer("traffic")) {
    told[String(outcome)] = (told[String(outcome)] ?? 0) + Number(turns);
  }
  // 48 turns were sent, every third of them for four.
  expect(Object.values(told).reduce((sum, one) => sum + one, 0)).toBe(32 + 16 * 4);
  // 0.15 + 0.06 and 0.4 + 0.16, by the list of prices.
  expect(answer("cost").reduce((sum, { cost_usd }) => sum + Number(cost_usd), 0)).toBeCloseTo(0.77, 9);
});

test("orders are the service's: the newest first, the largest first", () => {
  const times = answer("releases").map(({ timestamp }) => Number(timestamp));
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  const sizes = answer("errors").map(({ turns }) => Number(turns));
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
});
