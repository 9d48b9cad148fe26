import { contentHash } from "../model/canonical.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { cachePath } from "./paths.ts";
import { neighbouringBuckets } from "./row-buckets.ts";

/**
 * What was already paid for, by content. One append blob for each version and bucket holds a line for every answer
 * and every score. Lines are added as rows finish, with one write under way at a time: what comes meanwhile goes
 * with the next, so that storing keeps up with any rate of calls.
 */
export interface ResultCache {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  /** Resolves when everything put so far is stored; rejects when a write failed. */
  flush(): Promise<void>;
}

export async function openResultCache(
  store: Pick<BlobStore, "read" | "append">,
  flow: string,
  version: string,
  bucket: string,
): Promise<ResultCache> {
  const name = cachePath.results(flow, version, bucket);
  const known = new Map<string, unknown>();
  const inherited = new Map<string, unknown>();
  const read = async (from: string, into: Map<string, unknown>): Promise<boolean> => {
    const blob = await store.read("cache", cachePath.results(flow, version, from));
    for (const line of blob?.body.toString("utf8").split("\n") ?? []) readLine(line, into);
    return blob !== undefined;
  };
  if (!(await read(bucket, known))) {
    await Promise.all(neighbouringBuckets(bucket).map((neighbour) => read(neighbour, inherited)));
  }

  let waiting: string[] = [];
  let writing: Promise<void> | undefined;
  let failure: Error | undefined;
  const drain = async (): Promise<void> => {
    for (let lines = waiting; lines.length > 0; lines = waiting) {
      waiting = [];
      await store.append("cache", name, lines.join(""));
    }
  };
  const put = (key: string, value: unknown): void => {
    known.set(key, value);
    waiting.push(`${JSON.stringify({ key, value })}\n`);
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
      if (!known.has(key) && inherited.has(key)) put(key, inherited.get(key));
      return known.get(key);
    },
    put,
    async flush() {
      await writing;
      if (failure) throw failure;
    },
  };
}

/** The name of a result by everything it depends on. */
export function resultKey(parts: Record<string, string | number>): string {
  return contentHash(parts).slice(0, 32);
}

function readLine(line: string, into: Map<string, unknown>): void {
  if (line === "") return;
  try {
    const record = JSON.parse(line) as { key: string; value: unknown };
    into.set(record.key, record.value);
  } catch {
    // A torn line can only be the loss of a cached result, which is then paid for again.
  }
}
