import { LEDGER_ORIGIN, recordEntry, sealEntry } from "../../shared/registry/ledger.ts";
import { createJson, replaceJson } from "../../shared/registry/json-blob.ts";
import type { JsonBlob } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { LedgerEntry, ReleasePointer } from "../../shared/model/release.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Commit } from "../../shared/model/version.ts";
import type { ReleaseDecision } from "./decide-release.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";
import { announceRelease } from "./announce-release.ts";

/**
 * Carries out a decision: one guarded write of the pointer, one ledger entry, one event. The pointer holds the entry
 * of its own generation, so a writer that dies after the first of the three is completed by whoever comes next.
 * Returns undefined where somebody else wrote first: read again, decide again.
 */
export async function writeRelease(
  flow: string,
  current: JsonBlob<ReleasePointer> | undefined,
  decision: Extract<ReleaseDecision, { kind: "write" }>,
  commit: Commit | undefined,
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
    from: before?.stable?.version,
    actor: decision.actor,
    reason: decision.reason,
    commit,
  });
  const pointer: ReleasePointer = { flow, generation, ...decision.next, entry };
  if (!(await replaceJson(store, "registry", registryPath.release(flow), pointer, current?.etag))) {
    return undefined;
  }
  await completeRelease(pointer, dependencies);
  return pointer;
}

/** The entry and the event of a pointer that is written; doing it again changes nothing. */
export async function completeRelease(
  pointer: ReleasePointer,
  dependencies: ReleaseDependencies,
): Promise<void> {
  await settleEntry(dependencies.store, pointer.entry);
  await announceRelease(pointer, dependencies);
}

/** The ledger entry, and the mark on its run that its verdict was acted on. */
async function settleEntry(store: BlobStore, entry: LedgerEntry): Promise<void> {
  await recordEntry(store, entry);
  if (entry.run === undefined || entry.kind === "rolled_back") return;
  await createJson(store, "registry", registryPath.decision(entry.flow, entry.run), {
    sequence: entry.sequence,
  });
}
