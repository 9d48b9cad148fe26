import { costOf, type PriceList } from "../flow/prices.ts";
import type { Spend } from "../model/budget.ts";
import type { SpentCall } from "../ports/chat-model.ts";

export const NOTHING_SPENT: Readonly<Spend> = {
  calls: 0,
  failed: 0,
  embeddings: 0,
  inputTokens: 0,
  outputTokens: 0,
  cost: 0,
  unpriced: [],
};

/** What one call used up. A service that does not say how many tokens is taken to have used none. */
export function spendOf({ kind, model, usage }: SpentCall, prices: PriceList = {}): Spend {
  if (kind === "failed") return { ...NOTHING_SPENT, failed: 1 };
  const { inputTokens, outputTokens } = usage ?? { inputTokens: 0, outputTokens: 0 };
  const cost = costOf(model, { inputTokens, outputTokens }, prices);
  return {
    calls: kind === "embedding" ? 0 : 1,
    failed: 0,
    embeddings: kind === "embedding" ? 1 : 0,
    inputTokens,
    outputTokens,
    cost: cost ?? 0,
    unpriced: cost === undefined ? [model] : [],
  };
}

export function addSpend(a: Readonly<Spend>, b: Readonly<Spend>): Spend {
  return {
    calls: a.calls + b.calls,
    failed: a.failed + b.failed,
    embeddings: a.embeddings + b.embeddings,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cost: a.cost + b.cost,
    unpriced: b.unpriced.every((model) => a.unpriced.includes(model))
      ? a.unpriced
      : [...new Set([...a.unpriced, ...b.unpriced])],
  };
}

export function tokensOf({ inputTokens, outputTokens }: Readonly<Spend>): number {
  return inputTokens + outputTokens;
}
