import { spendOf, tokensOf } from "../../shared/evaluation/spend.ts";
import type { PriceList } from "../../shared/flow/prices.ts";
import type { Budget } from "../../shared/model/budget.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { SpentCall } from "../../shared/ports/chat-model.ts";
import type { SpendLedger } from "../../shared/registry/spend-ledgers.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { ChatError } from "./chat-error.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Bounds what the clients of a flow may spend in a day (UTC), all processes together. */
export interface ChatBudget {
  /** Throws a `ChatError` (429) where the day's budget is used up. Asks storage nothing. */
  admit(flow: string): void;
  /** Counts a call that was paid for. */
  record(flow: string, call: SpentCall): void;
}

/** What other processes spent is known to within a few seconds: by so much the day's budget may be passed. */
export function createChatBudget({
  budget,
  prices,
  openLedger,
  clock,
}: {
  budget: Budget;
  prices: PriceList | undefined;
  openLedger: (folder: string) => SpendLedger;
  clock: Pick<Clock, "now">;
}): ChatBudget {
  if (budget.tokens === undefined && budget.cost === undefined) {
    return { admit: () => undefined, record: () => undefined };
  }
  const ledgers = new Map<string, { day: string; ledger: SpendLedger }>();

  function today(flow: string): SpendLedger {
    const day = clock.now().toISOString().slice(0, 10);
    const known = ledgers.get(flow);
    if (known?.day === day) return known.ledger;
    const ledger = openLedger(registryPath.chatSpend(flow, day));
    ledgers.set(flow, { day, ledger });
    return ledger;
  }

  return {
    admit(flow) {
      const spent = today(flow).known();
      const usedUp =
        tokensOf(spent) >= (budget.tokens ?? Infinity) || spent.cost >= (budget.cost ?? Infinity);
      if (!usedUp) return;
      throw new ChatError(
        429,
        "insufficient_quota",
        "insufficient_quota",
        `${flow} has used up what it may spend today. It answers again after midnight (UTC).`,
        null,
        Math.ceil((DAY_MS - (clock.now().getTime() % DAY_MS)) / 1000),
      );
    },
    record(flow, call) {
      today(flow).add(spendOf(call, prices));
    },
  };
}
