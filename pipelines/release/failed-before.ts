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
  const entries = await readLedger(store, flow);
  const last = entries.findLast(
    (entry) =>
      entry.run !== run &&
      ((entry.kind === "rolled_back" && entry.from === version) ||
        (entry.version === version && (entry.kind === "promoted" || entry.kind === "rejected"))),
  );
  const forced = `Change it and push again, or force it with \`flowgate promote ${flow}\`.`;
  if (last?.kind === "rolled_back") {
    const served = entries.findLast((entry) => entry.version === version && entry.suite !== undefined);
    return served?.suite === suite ? `It was rolled back before: ${last.reason} ${forced}` : undefined;
  }
  if (last?.kind !== "rejected" || last.suite !== suite || last.run === undefined) return undefined;
  const before = await readJson<Verdict>(store, "registry", registryPath.verdict(flow, last.run));
  if (before?.value.outcome !== "fail" || before.value.baseline !== baseline) return undefined;
  return `It failed before on the same suite: ${last.reason} ${forced}`;
}
