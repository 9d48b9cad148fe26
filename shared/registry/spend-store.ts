import type { Spend } from "../model/budget.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Clock } from "../ports/clock.ts";
import { registryPath } from "./paths.ts";
import { createSpendLedgers, type SpendLedger } from "./spend-ledgers.ts";

/** Spends of one run and of one flow's day are added up here, whichever process they come from. */
export interface SpendStore {
  /** Counts at once for `spent` of this process; others see it after the next write, a second later at most. */
  add(flow: string, run: string, spend: Spend): void;
  /** What the run and the flow's day (UTC) have cost so far. Of other processes as of the last few seconds. */
  spent(flow: string, run: string): Promise<{ run: Spend; day: Spend }>;
  /** Promises to pay that much for the run, of its budget and the day's. Returns how to take the promise back. */
  hold(flow: string, run: string, spend: Spend): () => void;
  /**
   * Tells the others what this process has spent and promised, then asks what they have. Of two that do so at once, at
   * least one learns of the other.
   */
  agree(flow: string, run: string): Promise<Record<"run" | "day", Agreed>>;
  /** What the run has cost by all that is written: exact once every process has flushed. */
  spentByRun(flow: string, run: string): Promise<Spend>;
  /** Whether other processes spend for the run too, as of the last few seconds. */
  isShared(flow: string, run: string): Promise<boolean>;
  /** Writes what is not written yet. Rejects where that fails; it is then written with the next. */
  flush(): Promise<void>;
}

/** What all processes have spent, what this one has promised to pay, and what the others have. */
export interface Agreed {
  spent: Spend;
  own: Spend;
  others: Spend;
}

const DAY_MS = 86_400_000;

/** `process` names this one, and no other before it: see `createSpendLedgers`. */
export function createSpendStore(
  store: Pick<BlobStore, "read" | "write" | "list">,
  clock: Pick<Clock, "now" | "elapsed" | "sleep">,
  process: string,
): SpendStore {
  const open = createSpendLedgers(store, clock, process);
  const ledgers = new Map<string, SpendLedger>();
  let last: { flow: string; run: string; day: number; ledgers: Ledgers } | undefined;

  function ledgerOf(folder: string): SpendLedger {
    const ledger = ledgers.get(folder) ?? open(folder);
    ledgers.set(folder, ledger);
    return ledger;
  }

  function ledgersOf(flow: string, run: string): Ledgers {
    const day = Math.floor(clock.now().getTime() / DAY_MS);
    // Asked for at every call of a run: its paths are put together once.
    if (last?.flow === flow && last.run === run && last.day === day) return last.ledgers;
    const today = new Date(day * DAY_MS).toISOString().slice(0, 10);
    const found = {
      run: ledgerOf(registryPath.runSpend(flow, run)),
      day: ledgerOf(registryPath.daySpend(flow, today)),
    };
    last = { flow, run, day, ledgers: found };
    return found;
  }

  return {
    add(flow, run, spend) {
      const of = ledgersOf(flow, run);
      of.run.add(spend);
      of.day.add(spend);
    },
    async spent(flow, run) {
      const of = ledgersOf(flow, run);
      const [ofRun, ofDay] = await Promise.all([of.run.total(), of.day.total()]);
      return { run: ofRun, day: ofDay };
    },
    hold(flow, run, spend) {
      const of = ledgersOf(flow, run);
      const taken = [of.run.hold(spend), of.day.hold(spend)];
      return () => {
        for (const takeBack of taken) takeBack();
      };
    },
    async agree(flow, run) {
      const of = ledgersOf(flow, run);
      const [ofRun, ofDay] = await Promise.all([agreed(of.run), agreed(of.day)]);
      return { run: ofRun, day: ofDay };
    },
    spentByRun: (flow, run) => ledgersOf(flow, run).run.total("latest"),
    isShared: (flow, run) => ledgersOf(flow, run).run.isShared(),
    async flush() {
      await Promise.all([...ledgers.values()].map((ledger) => ledger.flush()));
    },
  };
}

interface Ledgers {
  run: SpendLedger;
  day: SpendLedger;
}

async function agreed(ledger: SpendLedger): Promise<Agreed> {
  await ledger.flush();
  const spent = await ledger.total("latest");
  return { spent, ...ledger.promised() };
}
