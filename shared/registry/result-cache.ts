import { contentHash } from "../model/canonical.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { cachePath } from "./paths.ts";
import { neighbouringBuckets } from "./row-buckets.ts";

/** How long what was put waits for what else comes: as much as a kill may lose besides the calls under way. */
const GATHER_MS = 500;

/**
 * What was already paid for, by content. One append blob for each version and bucket holds a line for every answer
 * and every score. Lines are added as rows finish: what comes within a moment, or while a write is under way, goes
 * together, so that storing keeps up with any rate of calls.
 */
export interface ResultCache {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  /** True, once, of what the run that opened the cache had paid for before it did: this run's, and no saving. */
  claim(key: string): boolean;
  /** Resolves when everything put so far is stored; rejects when a write failed. */
  flush(): Promise<void>;
}

/**
 * `recorded`: the buckets known to have a blob; undefined: any may have. `run`: who opens it, to tell what the same run
 * paid for when it was at this bucket before.
 */
export async function openResultCache(
  store: Pick<BlobStore, "read" | "append" | "createEmpty">,
  flow: string,
  version: string,
  bucket: string,
  { recorded, run }: { recorded?: ReadonlySet<string>; run?: string } = {},
): Promise<ResultCache> {
  const name = cachePath.results(flow, version, bucket);
  const known = new Map<string, unknown>();
  const inherited = new Map<string, unknown>();
  const own = new Set<string>();
  const read = async (from: string, into: Map<string, unknown>): Promise<void> => {
    const blob = await store.read("cache", cachePath.results(flow, version, from));
    for (const line of blob?.body.toString("utf8").split("\n") ?? []) {
      const record = readLine(line);
      if (!record) continue;
      into.set(record.key, record.value);
      if (run !== undefined && record.run === run) own.add(record.key);
    }
  };
  // Where there was none, one request makes it and says that nobody else has in the meantime.
  const isNew = recorded?.has(bucket) === false && (await store.createEmpty("cache", name));
  if (!isNew) await read(bucket, known);
  if (known.size === 0) {
    const neighbours = neighbouringBuckets(bucket).filter((name) => recorded?.has(name) ?? true);
    await Promise.all(neighbours.map((neighbour) => read(neighbour, inherited)));
  }

  let waiting: string[] = [];
  let writing: Promise<void> | undefined;
  let gathered: PromiseWithResolvers<void> | undefined;
  let hurried = false;
  let failure: Error | undefined;
  const gather = async (): Promise<void> => {
    gathered = Promise.withResolvers();
    const timer = setTimeout(gathered.resolve, GATHER_MS);
    await gathered.promise;
    clearTimeout(timer);
  };
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      if (!hurried) await gather();
      const lines = waiting;
      waiting = [];
      await store.append("cache", name, lines.join(""));
    }
  };
  const keep = (key: string, value: unknown, paidBy: string | undefined): void => {
    known.set(key, value);
    waiting.push(`${JSON.stringify({ key, run: paidBy, value })}\n`);
    writing ??= drain()
      .catch((error: unknown) => {
        failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        writing = undefined;
      });
  };
  return {
    get(key) {
      // What a neighbour knew moves here when it is used, so that it is found again once this bucket has a blob.
      if (!known.has(key) && inherited.has(key)) keep(key, inherited.get(key), undefined);
      return known.get(key);
    },
    put: (key, value) => keep(key, value, run),
    claim: (key) => own.delete(key),
    async flush() {
      hurried = true;
      gathered?.resolve();
      await writing;
      hurried = false;
      if (failure) throw failure;
    },
  };
}

/** The name of a result by everything it depends on. */
export function resultKey(parts: Record<string, string | number>): string {
  return contentHash(parts).slice(0, 32);
}

/** `run`: the one that paid for it, where it was a run. */
function readLine(line: string): { key: string; run?: string; value: unknown } | undefined {
  if (line === "") return undefined;
  try {
    return JSON.parse(line) as { key: string; run?: string; value: unknown };
  } catch {
    // A torn line can only be the loss of a cached result, which is then paid for again.
    return undefined;
  }
}

/** The buckets of a version that hold results. */
export async function recordedBuckets(
  store: Pick<BlobStore, "list">,
  flow: string,
  version: string,
): Promise<ReadonlySet<string>> {
  const prefix = cachePath.results(flow, version, "").slice(0, -".jsonl".length);
  const names = new Set<string>();
  for await (const { name } of store.list("cache", prefix)) {
    names.add(name.slice(prefix.length, -".jsonl".length));
  }
  return names;
}
