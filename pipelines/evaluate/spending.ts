import { refusalOfNextRow } from "../../shared/evaluation/run-budget.ts";
import { addSpend, NOTHING_SPENT, spendOf } from "../../shared/evaluation/spend.ts";
import type { PriceList } from "../../shared/flow/prices.ts";
import type { Budget, Spend } from "../../shared/model/budget.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import type { SpentCall, TokenUsage } from "../../shared/ports/chat-model.ts";
import type { SpendStore } from "../../shared/registry/spend-store.ts";

/** What runs spend, and whether they may go on. */
export interface Spending {
  /** Whether anything limits the run at all. */
  isLimited(plan: RunPlan): boolean;
  /** To be told of every call that was made. */
  record(plan: Pick<RunPlan, "flow" | "id"> & Partial<Pick<RunPlan, "estimate">>): (call: SpentCall) => void;
  /**
   * Asks to pay for one more row, beside those that this process has under way. Returns how to say that the row is
   * done, or why it may not be paid for.
   */
  reserve(plan: RunPlan): Promise<(() => void) | { refusal: string }>;
  /**
   * Writes what is not written yet of a run that is limited, or that other processes work on too, whose report tells
   * it; what others cost is written within a second or so.
   */
  flush(plan: RunPlan): Promise<void>;
  /** What a run has spent so far. */
  spentBy(flow: string, run: string): Promise<Spend>;
}

export function createSpending({
  spends,
  prices,
  dailyBudget,
}: {
  spends: SpendStore;
  prices: PriceList | undefined;
  dailyBudget: Budget | undefined;
}): Spending {
  /** By run. */
  const underWay = new Map<string, UnderWay>();
  const isBudget = (budget: Budget | undefined): boolean =>
    budget?.tokens !== undefined || budget?.cost !== undefined;

  /** Why one more row may not be paid for beside `others`, which have not said yet what they cost. */
  async function refusal(plan: RunPlan, others: number): Promise<string | undefined> {
    const spent = await spends.spent(plan.flow, plan.id);
    const expected = expectedRow(plan, spent.run);
    let next = expected;
    for (let row = 0; row < others; row += 1) next = addSpend(next, expected);
    return refusalOfNextRow(
      { run: { spent: spent.run, budget: plan.budget }, day: { spent: spent.day, budget: dailyBudget } },
      next,
    );
  }

  const isLimited = ({ budget }: RunPlan): boolean => isBudget(budget) || isBudget(dailyBudget);

  return {
    isLimited,
    record: (plan) => (call) =>
      spends.add(plan.flow, plan.id, spendOf({ ...call, usage: call.usage ?? guessOf(call, plan) }, prices)),
    async reserve(plan) {
      const key = `${plan.flow}\n${plan.id}`;
      const run = underWay.get(key) ?? { rows: 0, done: Promise.withResolvers(), last: Promise.resolve() };
      underWay.set(key, run);
      const reserved = run.last.then(async () => {
        for (;;) {
          const nextDone = run.done.promise;
          const why = await refusal(plan, run.rows);
          if (why === undefined) break;
          if (run.rows === 0) return { refusal: why };
          // Those under way may cost less than is expected of them.
          await nextDone;
        }
        run.rows += 1;
        return () => {
          run.rows -= 1;
          run.done.resolve();
          run.done = Promise.withResolvers();
        };
      });
      // One after the other: two that ask at once must not both be told what is left for one.
      run.last = reserved.then(noted, noted);
      return reserved;
    },
    async flush(plan) {
      if (isLimited(plan) || (await spends.isShared(plan.flow, plan.id))) await spends.flush();
    },
    spentBy: (flow, run) => spends.spentByRun(flow, run),
  };
}

/** The rows of a run that this process pays for, when the next of them is done, and who asked last. */
interface UnderWay {
  rows: number;
  done: PromiseWithResolvers<void>;
  last: Promise<void>;
}

function noted(): void {}

/** Fewer calls than these say little of the next row. */
const ENOUGH_CALLS = 10;

/** What a row costs by those before it; at first its share of the estimate. */
function expectedRow({ estimate, rows }: RunPlan, spent: Spend): Spend {
  if (!estimate || rows === 0) return NOTHING_SPENT;
  const calls = estimate.calls / rows;
  if (spent.calls >= ENOUGH_CALLS) {
    const share = calls / spent.calls;
    return {
      ...NOTHING_SPENT,
      calls,
      inputTokens: spent.inputTokens * share,
      outputTokens: spent.outputTokens * share,
      cost: spent.cost * share,
      unpriced: spent.unpriced,
    };
  }
  return {
    ...NOTHING_SPENT,
    calls,
    inputTokens: estimate.tokens / rows,
    cost: (estimate.cost ?? 0) / rows,
    unpriced: estimate.unpriced ?? [],
  };
}

/** A call whose tokens the service does not tell used what the estimate expects of one: nothing is free by silence. */
function guessOf(
  { kind }: SpentCall,
  { estimate }: Partial<Pick<RunPlan, "estimate">>,
): TokenUsage | undefined {
  if (kind !== undefined || !estimate || estimate.calls === 0) return undefined;
  return { inputTokens: estimate.tokens / estimate.calls, outputTokens: 0 };
}
