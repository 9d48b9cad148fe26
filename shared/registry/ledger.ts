import { contentHash } from "../model/canonical.ts";
import type { LedgerEntry } from "../model/release.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { createJson, type JsonBlob, readJson } from "./json-blob.ts";
import { registryPath } from "./paths.ts";

/** The previous hash of a ledger's first entry. */
export const LEDGER_ORIGIN = "0".repeat(64);

/** Completes an entry with its hash: SHA-256 over the canonical JSON of everything else in it. */
export function sealEntry(entry: Omit<LedgerEntry, "hash">): LedgerEntry {
  return { ...entry, hash: contentHash(entry) };
}

/** Writes an entry once; writing it again changes nothing. */
export async function recordEntry(store: BlobStore, entry: LedgerEntry): Promise<void> {
  await createJson(store, "registry", registryPath.ledgerEntry(entry.flow, entry.sequence), entry);
}

/** Of all flows together: a process that asks about more than these reads some of them again. */
const MOST_KEPT = 10_000;
/** What was read of ledgers, by the blob's name. */
const kept = new WeakMap<BlobStore, Map<string, JsonBlob<LedgerEntry>>>();

/**
 * The entries of a flow, oldest first. A ledger grows for years and pages ask for it every second, so an entry is read
 * once; one that is not what it was has another ETag, and is read again.
 */
export async function readLedger(store: BlobStore, flow: string): Promise<LedgerEntry[]> {
  const known = kept.get(store) ?? new Map<string, JsonBlob<LedgerEntry>>();
  kept.set(store, known);
  const blobs: { name: string; etag: string }[] = [];
  for await (const blob of store.list("registry", registryPath.ledger(flow))) blobs.push(blob);
  const entries = await Promise.all(
    blobs.map(async ({ name, etag }) => {
      const before = known.get(name);
      if (before?.etag === etag) return before;
      const entry = await readJson<LedgerEntry>(store, "registry", name);
      if (entry) keep(known, name, entry);
      return entry;
    }),
  );
  return entries.flatMap((entry) => (entry ? [entry.value] : []));
}

function keep(known: Map<string, JsonBlob<LedgerEntry>>, name: string, entry: JsonBlob<LedgerEntry>): void {
  known.set(name, entry);
  const [oldest] = known.keys();
  if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
}

/** Whether each entry's hash is that of its content and each points at the one before, from the first on. */
export function chainHolds(entries: readonly LedgerEntry[]): boolean {
  return entries.every((entry, index) => {
    const { hash, ...content } = entry;
    const previous = entries[index - 1]?.hash ?? LEDGER_ORIGIN;
    return entry.sequence === index + 1 && entry.previousHash === previous && hash === contentHash(content);
  });
}
