import type { LedgerEntry, ServedVersion } from "../../shared/model/release.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { readLedger } from "../../shared/registry/ledger.ts";
import { verifies } from "./verifies.ts";

/** The version that the target had replaced when its run promoted it, so that a second rollback goes one further. */
export async function servedBefore(
  store: BlobStore,
  flow: string,
  target: ServedVersion,
): Promise<ServedVersion | undefined> {
  const promotions = (await readLedger(store, flow)).filter((entry) => entry.kind === "promoted");
  const promotion =
    promotions.findLast((entry) => entry.version === target.version && entry.run === target.run) ??
    promotions.findLast((entry) => entry.version === target.version);
  const before = promotions.findLast(
    (entry) => entry.version === promotion?.from && entry.sequence < (promotion?.sequence ?? 0),
  );
  return before && servedVersion(before);
}

/** The version of the newest ledger entry that served and verifies, other than the one to be taken back. */
export async function newestVerified(
  store: BlobStore,
  flow: string,
  takenBack: string,
): Promise<ServedVersion | undefined> {
  const tried = new Set([takenBack]);
  for (const entry of (await readLedger(store, flow)).reverse()) {
    const served = servedVersion(entry);
    const hasServed =
      entry.kind === "promoted" || entry.kind === "rolled_back" || entry.kind === "recertified";
    if (!hasServed || !served || tried.has(served.version)) continue;
    tried.add(served.version);
    if (await verifies(store, flow, served.version)) return served;
  }
  return undefined;
}

function servedVersion(entry: LedgerEntry): ServedVersion | undefined {
  if (entry.suite === undefined || entry.run === undefined) return undefined;
  return { version: entry.version, suite: entry.suite, run: entry.run, since: entry.at };
}
