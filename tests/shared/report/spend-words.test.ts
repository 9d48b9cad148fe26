import { expect, test } from "vitest";
import { NOTHING_SPENT } from "../../../shared/evaluation/spend.ts";
import { spendWords } from "../../../shared/report/spend-words.ts";

const SPENT = { ...NOTHING_SPENT, calls: 10, inputTokens: 12_000, outputTokens: 345, cost: 0.0123 };

test("what a run used up is its tokens and its money, judges included", () => {
  expect(spendWords(SPENT)).toBe("12,345 tokens, $0.0123, judges included");
  expect(spendWords({ ...SPENT, embeddings: 3 })).toBe(
    "12,345 tokens, $0.0123, judges and 3 calls that embed included",
  );
});

test("models whose price is not known are named, with what the others cost", () => {
  expect(spendWords({ ...SPENT, unpriced: ["home-made"] })).toBe(
    "12,345 tokens, judges included, $0.0123 and what home-made costs is not known",
  );
  expect(spendWords({ ...SPENT, cost: 0, unpriced: ["one", "two"] })).toBe(
    "12,345 tokens, judges included; what one, two cost is not known",
  );
});
