import { expect, test } from "vitest";
import { addSpend, NOTHING_SPENT, spendOf } from "../../../shared/evaluation/spend.ts";

const PRICES = { dear: { input: 10, output: 30 } };

test("a call costs its tokens at the model's price", () => {
  const usage = { inputTokens: 1_000, outputTokens: 100 };
  expect(spendOf({ model: "dear", usage }, PRICES)).toEqual({
    calls: 1,
    failed: 0,
    embeddings: 0,
    inputTokens: 1_000,
    outputTokens: 100,
    cost: (1_000 * 10 + 100 * 30) / 1e6,
    unpriced: [],
  });
});

test("models without a price are named once, and their tokens count", () => {
  const usage = { inputTokens: 5, outputTokens: 1 };
  const calls = ["home-made", "dear", "home-made"].map((model) => spendOf({ model, usage }, PRICES));
  const total = calls.reduce(addSpend, NOTHING_SPENT);
  expect(total).toMatchObject({ calls: 3, inputTokens: 15, outputTokens: 3, unpriced: ["home-made"] });
  expect(NOTHING_SPENT.calls).toBe(0);
});

test("a call whose tokens the service does not tell is still a call", () => {
  expect(spendOf({ model: "dear", usage: undefined }, PRICES)).toEqual({ ...NOTHING_SPENT, calls: 1 });
});

test("calls that failed and calls of the embedding model are counted apart", () => {
  const embedded = spendOf(
    { kind: "embedding", model: "dear", usage: { inputTokens: 100, outputTokens: 0 } },
    PRICES,
  );
  const failed = spendOf({ kind: "failed", model: "home-made", usage: undefined }, PRICES);
  expect(addSpend(embedded, failed)).toEqual({
    ...NOTHING_SPENT,
    failed: 1,
    embeddings: 1,
    inputTokens: 100,
    cost: (100 * 10) / 1e6,
  });
});
