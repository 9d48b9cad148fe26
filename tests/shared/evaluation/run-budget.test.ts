import { expect, test } from "vitest";
import { refusalOfNextRow } from "../../../shared/evaluation/run-budget.ts";
import { NOTHING_SPENT } from "../../../shared/evaluation/spend.ts";
import type { Budget, Spend } from "../../../shared/model/budget.ts";

const spend = (tokens: number, cost: number, unpriced: string[] = []): Spend => {
  return { ...NOTHING_SPENT, calls: 1, inputTokens: tokens, outputTokens: 0, cost, unpriced };
};
const refusal = (run: Budget | undefined, day: Budget | undefined, spent: Spend, next: Spend) =>
  refusalOfNextRow({ run: { spent, budget: run }, day: { spent, budget: day } }, next);

test("without a budget every row is paid for", () => {
  expect(refusal(undefined, undefined, spend(1e12, 1e6, ["x"]), spend(1e9, 1e3))).toBeUndefined();
  expect(refusal({}, {}, spend(1e12, 1e6, ["x"]), spend(1e9, 1e3))).toBeUndefined();
});

test("a row is paid for as long as it fits, to the last token and cent", () => {
  expect(refusal({ tokens: 1_000, cost: 5 }, undefined, spend(900, 4.5), spend(100, 0.5))).toBeUndefined();
  expect(refusal({ tokens: 1_000 }, undefined, spend(900, 0), spend(101, 0))).toBe(
    "900 of 1,000 tokens of this run's budget are spent, and the next row needs about 101. Raise evaluation.budget.tokens in flow.yaml.",
  );
  expect(refusal({ cost: 5 }, undefined, spend(0, 4.99), spend(0, 0.02))).toBe(
    "$4.99 of $5.00 of this run's budget are spent, and the next row costs about $0.020. Raise evaluation.budget.cost in flow.yaml.",
  );
});

test("the day's budget is kept as well, and named by its settings", () => {
  expect(refusal({ tokens: 1e9 }, { tokens: 10 }, spend(9, 0), spend(2, 0))).toMatch(
    /today.*FLOWGATE_DAILY_TOKENS/,
  );
  expect(refusal(undefined, { cost: 0 }, spend(0, 0), spend(2, 0.001))).toMatch(/FLOWGATE_DAILY_COST/);
});

test("a budget in money is not kept by guesses: a model without a price is named", () => {
  expect(refusal({ cost: 5 }, undefined, spend(0, 1, ["home-made"]), spend(1, 0))).toMatch(
    /price of home-made is not known.*FLOWGATE_PRICES/,
  );
  expect(refusal({ tokens: 100 }, undefined, spend(0, 1, ["home-made"]), spend(1, 0))).toBeUndefined();
});
