import { addSpend, NOTHING_SPENT } from "../evaluation/spend.ts";
import type { Spend } from "../model/budget.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Clock } from "../ports/clock.ts";
import { registryPath } from "./paths.ts";

/** Spends of one run and of one flow's day are added up here, whichever process they come from. */
export interface SpendStore {
  /** Counts at once for `spent` of this process; others see it after the next write, a second later at most. */
  add(flow: string, run: string, spend: Spend): void;
  /** What the run and the flow's day (UTC) have cost so far. Of other processes as of the last few seconds. */
  spent(flow: string, run: string): Promise<{ run: Spend; day: Spend }>;
  /** Writes what is not written yet. Rejects where that fails; it is then written with the next. */
  flush(): Promise<void>;
}

const WRITE_EVERY_MS = 1_000;
const READ_EVERY_MS = 3_000;
const DAY_MS = 86_400_000;

interface Ledger {
  folder: string;
  own: Spend;
  written: Spend;
  writtenAt: number;
  writing: Promise<void> | undefined;
  /** A write that comes by itself, of what was added since the last. */
  planned: boolean;
  others: Spend;
  readAt: number;
  /** By blob: what was read, and the ETag it was read at. */
  known: Map<string, { etag: string; spend: Spend }>;
}

/**
 * Every process keeps one small blob a run and a day with its own total, and overwrites it: no two write the same one,
 * a write repeated changes nothing, and reading adds up as many blobs as there were processes. `process` names this
 * one; a restarted process must take another name, since what it had spent stands in the old one's blob.
 */
export function createSpendStore(
  store: Pick<BlobStore, "read" | "write" | "list">,
  clock: Pick<Clock, "now" | "elapsed" | "sleep">,
  process: string,
): SpendStore {
  const ledgers = new Map<string, Ledger>();
  let last: { flow: string; run: string; day: number; ledgers: { run: Ledger; day: Ledger } } | undefined;

  function ledgerOf(folder: string): Ledger {
    const known = ledgers.get(folder);
    if (known) return known;
    const made: Ledger = {
      folder,
      own: NOTHING_SPENT,
      written: NOTHING_SPENT,
      writtenAt: Number.NEGATIVE_INFINITY,
      writing: undefined,
      planned: false,
      others: NOTHING_SPENT,
      readAt: Number.NEGATIVE_INFINITY,
      known: new Map(),
    };
    ledgers.set(folder, made);
    return made;
  }

  function foldersOf(flow: string, run: string): { run: Ledger; day: Ledger } {
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

  /** One write at a time, so that an older total never overwrites a newer one. */
  async function write(ledger: Ledger): Promise<void> {
    while (ledger.writing) await ledger.writing.catch(() => undefined);
    if (ledger.written === ledger.own) return;
    const { own } = ledger;
    ledger.writtenAt = clock.elapsed();
    ledger.writing = store
      .write("registry", `${ledger.folder}${process}.json`, JSON.stringify(own))
      .then(() => {
        ledger.written = own;
      })
      .finally(() => {
        ledger.writing = undefined;
      });
    await ledger.writing;
  }

  function addTo(ledger: Ledger, spend: Spend): void {
    ledger.own = addSpend(ledger.own, spend);
    if (ledger.planned) return;
    ledger.planned = true;
    void writeSoon(ledger);
  }

  /** What fails here is written with the next, or by `flush`, which says so. */
  async function writeSoon(ledger: Ledger): Promise<void> {
    const left = ledger.writtenAt + WRITE_EVERY_MS - clock.elapsed();
    if (left > 0) await clock.sleep(left).catch(() => undefined);
    ledger.planned = false;
    await write(ledger).catch(() => undefined);
  }

  async function total(ledger: Ledger): Promise<Spend> {
    if (clock.elapsed() - ledger.readAt >= READ_EVERY_MS) {
      ledger.readAt = clock.elapsed();
      let others: Spend = NOTHING_SPENT;
      for await (const { name, etag } of store.list("registry", ledger.folder)) {
        if (name === `${ledger.folder}${process}.json`) continue;
        const known = ledger.known.get(name);
        const spend = known?.etag === etag ? known.spend : await readSpend(name);
        if (!spend) continue;
        ledger.known.set(name, { etag, spend });
        others = addSpend(others, spend);
      }
      ledger.others = others;
    }
    return addSpend(ledger.others, ledger.own);
  }

  async function readSpend(name: string): Promise<Spend | undefined> {
    const blob = await store.read("registry", name);
    return blob && (JSON.parse(blob.body.toString("utf8")) as Spend);
  }

  return {
    add(flow, run, spend) {
      const { run: ofRun, day } = foldersOf(flow, run);
      addTo(ofRun, spend);
      addTo(day, spend);
    },

    async spent(flow, run) {
      const { run: ofRun, day } = foldersOf(flow, run);
      const [runTotal, dayTotal] = await Promise.all([total(ofRun), total(day)]);
      return { run: runTotal, day: dayTotal };
    },

    async flush() {
      await Promise.all([...ledgers.values()].map(write));
    },
  };
}
