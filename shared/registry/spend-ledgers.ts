import { addSpend, NOTHING_SPENT } from "../evaluation/spend.ts";
import type { Spend } from "../model/budget.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Clock } from "../ports/clock.ts";

/** Spends added up under one name, whichever process they come from. */
export interface SpendLedger {
  /** Counts at once for this process; others see it after the next write, a second later at most. */
  add(spend: Spend): void;
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

/**
 * Ledgers by their folder in the registry. Every process keeps one small blob in each with its own total, and overwrites
 * it: no two write the same one, a write repeated changes nothing, and reading adds up as many blobs as there were
 * processes. `process` names this one; a restarted process must take another name, since what it had spent stands in
 * the old one's blob.
 */
export function createSpendLedgers(
  store: Pick<BlobStore, "read" | "write" | "list">,
  clock: Pick<Clock, "elapsed" | "sleep">,
  process: string,
): (folder: string) => SpendLedger {
  return (folder) => createLedger(store, clock, folder, `${folder}${process}.json`);
}

function createLedger(
  store: Pick<BlobStore, "read" | "write" | "list">,
  clock: Pick<Clock, "elapsed" | "sleep">,
  folder: string,
  name: string,
): SpendLedger {
  let own: Spend = NOTHING_SPENT;
  let written: Spend = NOTHING_SPENT;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let writing = Promise.resolve();
  /** A write that comes by itself, of what was added since the last. */
  let planned = false;
  let others: Spend = NOTHING_SPENT;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  /** By blob: what was read, and the ETag it was read at. */
  const blobs = new Map<string, { etag: string; spend: Spend }>();

  /** One write at a time, so that an older total never overwrites a newer one. */
  function write(): Promise<void> {
    writing = writing.then(writeNow, writeNow);
    return writing;
  }

  async function writeNow(): Promise<void> {
    if (written === own) return;
    const now = own;
    writtenAt = clock.elapsed();
    await store.write("registry", name, JSON.stringify(now));
    written = now;
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
    let sum: Spend = NOTHING_SPENT;
    for await (const blob of store.list("registry", folder)) {
      if (blob.name === name) continue;
      const known = blobs.get(blob.name);
      const spend = known?.etag === blob.etag ? known.spend : await readSpend(blob.name);
      if (!spend) continue;
      blobs.set(blob.name, { etag: blob.etag, spend });
      sum = addSpend(sum, spend);
    }
    others = sum;
  }

  async function readSpend(blob: string): Promise<Spend | undefined> {
    const content = await store.read("registry", blob);
    // Those of an earlier release do not tell all there is to tell now.
    return content && { ...NOTHING_SPENT, ...(JSON.parse(content.body.toString("utf8")) as Partial<Spend>) };
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
      if (planned) return;
      planned = true;
      void writeSoon();
    },
    async total(latest) {
      await refresh(latest && 0);
      return addSpend(others, own);
    },
    async isShared() {
      await refresh();
      return blobs.size > 0;
    },
    known() {
      refresh().catch(() => undefined);
      return addSpend(others, own);
    },
    flush: write,
  };
}
