import type { Budget, Spend } from "../model/budget.ts";
import { addSpend, tokensOf } from "./spend.ts";

/** How the limit is called where it is set, and what it says. */
interface Limited {
  spent: Readonly<Spend>;
  budget: Budget | undefined;
}

/**
 * Why the next row may not be paid for, in a sentence that names the limit and the remedy; undefined where it may be.
 * `next`: what the row is expected to take, by the mean of those before it or by the estimate. A budget in money
 * cannot be kept for a model without a price, so nothing is paid for then.
 */
export function refusalOfNextRow(
  limits: { run: Limited; day: Limited },
  next: Readonly<Spend>,
): string | undefined {
  const { run, day } = limits;
  return (
    refusal(run, next, "this run's budget", RUN) ??
    refusal(day, next, "this flow's budget of today (UTC)", DAY)
  );
}

const RUN = { tokens: "evaluation.budget.tokens in flow.yaml", cost: "evaluation.budget.cost in flow.yaml" };
const DAY = { tokens: "FLOWGATE_DAILY_TOKENS", cost: "FLOWGATE_DAILY_COST" };

function refusal(
  { spent, budget }: Limited,
  next: Readonly<Spend>,
  whose: string,
  setBy: typeof RUN,
): string | undefined {
  const after = addSpend(spent, next);
  if (budget?.tokens !== undefined && tokensOf(after) > budget.tokens) {
    const [used, limit, more] = [tokensOf(spent), budget.tokens, tokensOf(next)].map(inTokens);
    return `${used} of ${limit} tokens of ${whose} are spent, and the next row needs about ${more}. Raise ${setBy.tokens}.`;
  }
  if (budget?.cost === undefined) return undefined;
  const [unpriced] = after.unpriced;
  if (unpriced !== undefined) {
    return `The price of ${unpriced} is not known, so ${whose} of ${inDollars(budget.cost)} cannot be kept. Add the price to FLOWGATE_PRICES, or remove ${setBy.cost}.`;
  }
  if (after.cost <= budget.cost) return undefined;
  const [used, limit, more] = [spent.cost, budget.cost, next.cost].map(inDollars);
  return `${used} of ${limit} of ${whose} are spent, and the next row costs about ${more}. Raise ${setBy.cost}.`;
}

function inTokens(tokens: number): string {
  return Math.ceil(tokens).toLocaleString("en-US");
}

function inDollars(dollars: number): string {
  return `$${dollars < 0.1 && dollars > 0 ? dollars.toPrecision(2) : dollars.toFixed(2)}`;
}
