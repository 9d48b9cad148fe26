import { contentHash } from "../model/canonical.ts";
import type { LedgerEntry } from "../model/release.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { createJson, readJson } from "./json-blob.ts";
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

/** The entries of a flow, oldest first. */
export async function readLedger(store: BlobStore, flow: string): Promise<LedgerEntry[]> {
  const names: string[] = [];
  for await (const blob of store.list("registry", registryPath.ledger(flow))) names.push(blob.name);
  const entries = await Promise.all(names.map((name) => readJson<LedgerEntry>(store, "registry", name)));
  return entries.flatMap((entry) => (entry ? [entry.value] : []));
}

/** Whether each entry's hash is that of its content and each points at the one before, from the first on. */
export function chainHolds(entries: readonly LedgerEntry[]): boolean {
  return entries.every((entry, index) => {
    const { hash, ...content } = entry;
    const previous = entries[index - 1]?.hash ?? LEDGER_ORIGIN;
    return entry.sequence === index + 1 && entry.previousHash === previous && hash === contentHash(content);
  });
}
