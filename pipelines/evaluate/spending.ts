import { refusalOfNextRow } from "../../shared/evaluation/run-budget.ts";
import { addSpend, NOTHING_SPENT, spendOf, tokensOf } from "../../shared/evaluation/spend.ts";
import type { PriceList } from "../../shared/flow/prices.ts";
import type { Budget, Spend } from "../../shared/model/budget.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { SpentCall, TokenUsage } from "../../shared/ports/chat-model.ts";
import type { Agreed, SpendStore } from "../../shared/registry/spend-store.ts";

/** What runs spend, and whether they may go on. */
export interface Spending {
  /** Whether anything limits the run at all. */
  isLimited(plan: RunPlan): boolean;
  /** To be told of every call that was made. */
  record(plan: Pick<RunPlan, "flow" | "id"> & Partial<Pick<RunPlan, "estimate">>): (call: SpentCall) => void;
  /**
   * Asks to pay for one more row, beside those that are under way, in other processes too. Returns how to say that the
   * row is done, or why it may not be paid for.
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

/** Rows that a process is promised at once, at most, and as a share of those that the budget is enough for. */
const MOST_PROMISED = 64;
const SHARE_PROMISED = 1 / 8;
/** How long one waits for what others have promised and may not need, and how often one asks. */
const PATIENCE_MS = 30_000;
const ASKS_EVERY_MS = 1_000;

/**
 * Budgets hold over all processes: before a row begins, what it is expected to cost is promised in storage, for a few
 * rows at a time, and then all promises are read. Of two processes that ask at once one at least sees the other's.
 */
export function createSpending({
  spends,
  prices,
  dailyBudget,
  clock,
}: {
  spends: SpendStore;
  prices: PriceList | undefined;
  dailyBudget: Budget | undefined;
  clock: Pick<Clock, "elapsed" | "sleep">;
}): Spending {
  /** By run. */
  const underWay = new Map<string, UnderWay>();
  const isBudget = (budget: Budget | undefined): boolean =>
    budget?.tokens !== undefined || budget?.cost !== undefined;

  /** Promises what the next rows are expected to cost. Returns how to take each promise back, or why there is none. */
  async function promise(plan: RunPlan, run: UnderWay): Promise<(() => void)[] | { refusal: string }> {
    const { flow, id, budget } = plan;
    const known = await spends.spent(flow, id);
    const expected = expectedRow(plan, known.run);
    const refusalBy = (spent: Record<"run" | "day", Spend>, next: Spend): string | undefined =>
      refusalOfNextRow(
        { run: { spent: spent.run, budget }, day: { spent: spent.day, budget: dailyBudget } },
        next,
      );
    let rows = MOST_PROMISED;
    while (rows > 1 && refusalBy(known, times(expected, run.rows + rows / SHARE_PROMISED)) !== undefined) {
      rows /= 2;
    }
    const askedAt = clock.elapsed();
    for (;;) {
      const promised = Array.from({ length: rows }, () => spends.hold(flow, id, expected));
      const nextDone = run.done.promise;
      const agreed = await spends.agree(flow, id);
      const withAll = ({ spent, own, others }: Agreed): Spend => addSpend(addSpend(spent, own), others);
      const why = refusalBy({ run: withAll(agreed.run), day: withAll(agreed.day) }, NOTHING_SPENT);
      if (why === undefined) return promised;
      for (const takeBack of promised) takeBack();
      if (rows > 1) {
        rows = 1;
      } else if (run.rows > 0) {
        // Those under way may cost less than is expected of them.
        await nextDone;
      } else if (
        [agreed.run, agreed.day].every(({ others }) => isNothing(others)) ||
        clock.elapsed() - askedAt > PATIENCE_MS
      ) {
        const spent = { run: agreed.run.spent, day: agreed.day.spent };
        return { refusal: refusalBy(spent, expected) ?? why };
      } else {
        await clock.sleep(ASKS_EVERY_MS);
      }
    }
  }

  const isLimited = ({ budget }: RunPlan): boolean => isBudget(budget) || isBudget(dailyBudget);

  return {
    isLimited,
    record: (plan) => (call) =>
      spends.add(plan.flow, plan.id, spendOf({ ...call, usage: call.usage ?? guessOf(call, plan) }, prices)),
    async reserve(plan) {
      const key = `${plan.flow}\n${plan.id}`;
      const run = underWay.get(key) ?? {
        rows: 0,
        promised: [],
        done: Promise.withResolvers(),
        last: Promise.resolve(),
      };
      underWay.set(key, run);
      const reserved = run.last.then(async () => {
        if (run.promised.length === 0) {
          const promised = await promise(plan, run);
          if ("refusal" in promised) return promised;
          run.promised.push(...promised);
        }
        const takeBack = run.promised.pop();
        run.rows += 1;
        return () => {
          takeBack?.();
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
      const run = underWay.get(`${plan.flow}\n${plan.id}`);
      if (run?.rows === 0) for (const takeBack of run.promised.splice(0)) takeBack();
      if (isLimited(plan) || (await spends.isShared(plan.flow, plan.id))) await spends.flush();
    },
    spentBy: (flow, run) => spends.spentByRun(flow, run),
  };
}

/** The rows of a run that this process pays for, when the next of them is done, and who asked last. */
interface UnderWay {
  rows: number;
  /** How to take back each promise for a row that has not begun. */
  promised: (() => void)[];
  done: PromiseWithResolvers<void>;
  last: Promise<void>;
}

function noted(): void {}

function times(spend: Spend, count: number): Spend {
  return {
    calls: spend.calls * count,
    failed: spend.failed * count,
    embeddings: spend.embeddings * count,
    inputTokens: spend.inputTokens * count,
    outputTokens: spend.outputTokens * count,
    cost: spend.cost * count,
    unpriced: spend.unpriced,
  };
}

function isNothing(spend: Spend): boolean {
  return tokensOf(spend) === 0 && spend.cost === 0;
}

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
