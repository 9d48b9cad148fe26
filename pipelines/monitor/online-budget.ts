import { addSpend, NOTHING_SPENT, spendOf, tokensOf } from "../../shared/evaluation/spend.ts";
import type { Budget, Spend } from "../../shared/model/budget.ts";
import type { SpentCall } from "../../shared/ports/chat-model.ts";
import type { MonitorDependencies } from "./monitor-dependencies.ts";

/** A judge's call before any was made: its prompt, a question with what grounds it, an answer. */
const TOKENS_A_CALL = 1_500;

/**
 * What scoring the turns of a flow spends, a day (UTC) at a time. It also counts into the flow's day, which the
 * settings may limit for everything. `calls`: how many a turn takes.
 */
export function onlineBudget(
  flow: string,
  budget: Budget,
  calls: number,
  { spends, prices, clock }: Pick<MonitorDependencies, "spends" | "prices" | "clock">,
): { record: (call: SpentCall) => void; allowsNext: () => Promise<boolean>; flush: () => Promise<void> } {
  const run = `monitoring-${clock.now().toISOString().slice(0, 10)}`;
  return {
    record: (call) => spends.add(flow, run, spendOf(call, prices)),
    async allowsNext() {
      const { run: spent } = await spends.spent(flow, run);
      const after = addSpend(spent, nextTurn(spent, calls));
      if (budget.tokens !== undefined && tokensOf(after) > budget.tokens) return false;
      if (budget.cost === undefined) return true;
      // A budget in money cannot be kept for a model whose price is not known.
      return after.unpriced.length === 0 && after.cost <= budget.cost;
    },
    flush: () => spends.flush(),
  };
}

/** By the mean of the calls before it. */
function nextTurn(spent: Spend, calls: number): Spend {
  if (spent.calls === 0) return { ...NOTHING_SPENT, inputTokens: calls * TOKENS_A_CALL };
  const share = calls / spent.calls;
  return {
    ...spent,
    calls,
    inputTokens: spent.inputTokens * share,
    outputTokens: spent.outputTokens * share,
    cost: spent.cost * share,
  };
}
