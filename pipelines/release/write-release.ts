import { LEDGER_ORIGIN, recordEntry, sealEntry } from "../../shared/registry/ledger.ts";
import { createJson, replaceJson } from "../../shared/registry/json-blob.ts";
import type { JsonBlob } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { LedgerEntry, ReleasePointer } from "../../shared/model/release.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { WriteDecision } from "./release-event.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";

/**
 * Carries out a decision: one guarded write of the pointer and one ledger entry; `tellRelease` publishes its one event.
 * The pointer holds the entry of its own generation, so a writer that dies after the first is completed by whoever
 * comes next.
 * Returns undefined where somebody else wrote first: read again, decide again.
 */
export async function writeRelease(
  flow: string,
  current: JsonBlob<ReleasePointer> | undefined,
  decision: WriteDecision,
  { key }: { key?: string | undefined },
  dependencies: ReleaseDependencies,
): Promise<ReleasePointer | undefined> {
  const { store, clock } = dependencies;
  const before = current?.value;
  if (before) await settleEntry(store, before.entry);

  const generation = (before?.generation ?? 0) + 1;
  const entry = sealEntry({
    sequence: generation,
    previousHash: before?.entry.hash ?? LEDGER_ORIGIN,
    at: clock.now().toISOString(),
    flow,
    ...decision.entry,
    from: decision.entry.from ?? before?.stable?.version,
    actor: decision.actor,
    reason: decision.reason,
    commit: decision.commit,
    key,
  });
  const stopped =
    decision.stopped === undefined
      ? before?.stopped
      : decision.stopped
        ? { by: entry.actor, at: entry.at, reason: entry.reason }
        : undefined;
  const pointer: ReleasePointer = { flow, generation, ...decision.next, stopped, entry };
  if (!(await replaceJson(store, "registry", registryPath.release(flow), pointer, current?.etag))) {
    return undefined;
  }
  await settleEntry(store, entry);
  return pointer;
}

/** The ledger entry, and the mark on its run that its verdict was acted on. */
export async function settleEntry(store: BlobStore, entry: LedgerEntry): Promise<void> {
  await recordEntry(store, entry);
  // What is queued is still to be acted on.
  if (entry.run === undefined || entry.kind === "queued") return;
  await createJson(store, "registry", registryPath.decision(entry.flow, entry.run), {
    sequence: entry.sequence,
  });
}
