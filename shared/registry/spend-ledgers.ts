import { addSpend, NOTHING_SPENT } from "../evaluation/spend.ts";
import type { Spend } from "../model/budget.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Clock } from "../ports/clock.ts";

/** Spends added up under one name, whichever process they come from. */
export interface SpendLedger {
  /** Counts at once for this process; others see it after the next write, a second later at most. */
  add(spend: Spend): void;
  /**
   * Promises to pay that much: others leave room for it once they have read it, for a minute after the last write.
   * Returns how to take the promise back.
   */
  hold(spend: Spend): () => void;
  /** What is promised, by this process and, as of the last read, by the others. */
  promised(): { own: Spend; others: Spend };
  /** Of all processes; of the others as of the last few seconds, or as of what they have written where `latest`. */
  total(latest?: "latest"): Promise<Spend>;
  /** Whether other processes add to it too, as of the last few seconds. */
  isShared(): Promise<boolean>;
  /** As `total`, of what is known: it asks storage nothing, but has it asked in the background. */
  known(): Spend;
  /** Writes what is not written yet. Rejects where that fails; it is then written with the next. */
  flush(): Promise<void>;
}

const WRITE_EVERY_MS = 1_000;
const READ_EVERY_MS = 3_000;
/** A process that was killed takes none of its promises back. */
const PROMISE_LASTS_MS = 60_000;

/** What a process keeps in its blob. */
interface Entry {
  spend: Spend;
  held: Spend;
  /** Milliseconds since 1970. */
  heldUntil: number;
}

/**
 * Ledgers by their folder in the registry. Every process keeps one small blob in each with its own total, and overwrites
 * it: no two write the same one, a write repeated changes nothing, and reading adds up as many blobs as there were
 * processes. `process` names this one; a restarted process must take another name, since what it had spent stands in
 * the old one's blob.
 */
export function createSpendLedgers(
  store: Pick<BlobStore, "read" | "write" | "list">,
  clock: Pick<Clock, "elapsed" | "sleep" | "now">,
  process: string,
): (folder: string) => SpendLedger {
  return (folder) => createLedger(store, clock, folder, `${folder}${process}.json`);
}

function createLedger(
  store: Pick<BlobStore, "read" | "write" | "list">,
  clock: Pick<Clock, "elapsed" | "sleep" | "now">,
  folder: string,
  name: string,
): SpendLedger {
  let own: Spend = NOTHING_SPENT;
  const holds = new Set<Spend>();
  let isWritten = true;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let writing = Promise.resolve();
  /** A write that comes by itself, of what was added since the last. */
  let planned = false;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  /** By blob: what was read, and the ETag it was read at. */
  const blobs = new Map<string, Entry & { etag: string }>();

  /** One write at a time, so that an older total never overwrites a newer one. */
  function write(): Promise<void> {
    writing = writing.then(writeNow, writeNow);
    return writing;
  }

  async function writeNow(): Promise<void> {
    if (isWritten) return;
    isWritten = true;
    writtenAt = clock.elapsed();
    const held = sumOf(holds);
    const promise = holds.size > 0 && { held, heldUntil: clock.now().getTime() + PROMISE_LASTS_MS };
    try {
      await store.write("registry", name, JSON.stringify({ ...own, ...promise }));
    } catch (error) {
      isWritten = false;
      throw error;
    }
  }

  /** What fails here is written with the next, or by `flush`, which says so. */
  async function writeSoon(): Promise<void> {
    const left = writtenAt + WRITE_EVERY_MS - clock.elapsed();
    if (left > 0) await clock.sleep(left).catch(() => undefined);
    planned = false;
    await write().catch(() => undefined);
  }

  async function readOthers(): Promise<void> {
    readAt = clock.elapsed();
    for await (const { name: blob, etag } of store.list("registry", folder)) {
      if (blob === name || blobs.get(blob)?.etag === etag) continue;
      const entry = await readEntry(blob);
      if (entry) blobs.set(blob, { ...entry, etag });
    }
  }

  async function readEntry(blob: string): Promise<Entry | undefined> {
    const content = await store.read("registry", blob);
    if (!content) return undefined;
    // Those of an earlier release do not tell all there is to tell now.
    const told = JSON.parse(content.body.toString("utf8")) as Partial<Spend & Omit<Entry, "spend">>;
    const { held = NOTHING_SPENT, heldUntil = 0, ...spend } = told;
    return { spend: { ...NOTHING_SPENT, ...spend }, held, heldUntil };
  }

  function total(): Spend {
    return addSpend(sumOf([...blobs.values()].map(({ spend }) => spend)), own);
  }

  function changed(): void {
    isWritten = false;
    if (planned) return;
    planned = true;
    void writeSoon();
  }

  async function refresh(everyMs = READ_EVERY_MS): Promise<void> {
    if (clock.elapsed() - readAt < everyMs) return reading;
    reading = readOthers().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    add(spend) {
      own = addSpend(own, spend);
      changed();
    },
    hold(spend) {
      const held = { ...spend };
      holds.add(held);
      changed();
      return () => {
        if (holds.delete(held)) changed();
      };
    },
    promised() {
      const now = clock.now().getTime();
      const lasting = [...blobs.values()].filter(({ heldUntil }) => heldUntil > now);
      return { own: sumOf(holds), others: sumOf(lasting.map(({ held }) => held)) };
    },
    async total(latest) {
      await refresh(latest && 0);
      return total();
    },
    async isShared() {
      await refresh();
      return blobs.size > 0;
    },
    known() {
      refresh().catch(() => undefined);
      return total();
    },
    flush: write,
  };
}

function sumOf(spends: Iterable<Spend>): Spend {
  let sum: Spend = NOTHING_SPENT;
  for (const spend of spends) sum = addSpend(sum, spend);
  return sum;
}
