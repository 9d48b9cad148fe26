import type { LedgerEntry } from "../../shared/model/release.ts";
import type { Verdict } from "../../shared/model/run.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { readLedger } from "../../shared/registry/ledger.ts";
import { registryPath } from "../../shared/registry/paths.ts";

/**
 * Says how the version failed before on the same suite: taken back from its users, or by a gate that held it against
 * the same baseline. Undefined where it did not, or where it served since.
 */
export async function failedBefore(
  store: BlobStore,
  { flow, version, suite, baseline, run }: Verdict,
): Promise<string | undefined> {
  const entries = (await readLedger(store, flow)).filter((entry) => entry.run !== run);
  const forced = `Change it and push again, or force it with \`flowgate promote ${flow}\`.`;
  const end = entries.findLast(
    (entry) =>
      (entry.kind === "rolled_back" && entry.from === version) ||
      (entry.kind === "promoted" && entry.version === version),
  );
  const isAfterEnd = ({ sequence }: LedgerEntry): boolean => sequence > (end?.sequence ?? 0);
  const ofVersion = entries.filter((entry) => entry.version === version && entry.suite !== undefined);
  // What was refused since does not make it forgotten.
  if (end?.kind === "rolled_back" && ofVersion.findLast((entry) => !isAfterEnd(entry))?.suite === suite) {
    return `It was rolled back before: ${end.reason} ${forced}`;
  }
  for (const entry of ofVersion.filter(isAfterEnd).reverse()) {
    if (entry.kind !== "rejected" || entry.suite !== suite || entry.run === undefined) continue;
    const before = await readJson<Verdict>(store, "registry", registryPath.verdict(flow, entry.run));
    if (before?.value.outcome !== "fail" || before.value.baseline !== baseline) continue;
    return `It failed before on the same suite: ${entry.reason} ${forced}`;
  }
  return undefined;
}
