import type { Report, RunPlan, Verdict } from "../../shared/model/run.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { readLedger } from "../../shared/registry/ledger.ts";
import { registryPath } from "../../shared/registry/paths.ts";

/**
 * Whether a run is over and a newer change that asks for the same deserves another: one that ended without a verdict
 * to rely on, or one that passed, was acted on, and whose version has since been replaced by a push. A failure stands
 * (but not one of rows that a budget cut short: with more money there is more to judge by), and so does an operator's rollback: the same content does not come back by being pushed again.
 */
export async function isSpent(plan: RunPlan, store: BlobStore): Promise<boolean> {
  const { flow, id } = plan;
  const verdict = await readJson<Verdict>(store, "registry", registryPath.verdict(flow, id));
  const outcome = verdict?.value.outcome;
  if (outcome === "error" || outcome === "inconclusive") return true;
  if (outcome === "fail") return await wasCutShort(plan, store);
  if (outcome !== "pass") return false;
  const wasActedOn = (await store.read("registry", registryPath.decision(flow, id))) !== undefined;
  return wasActedOn && !(await wasRolledBack(plan, store));
}

async function wasCutShort({ flow, id }: RunPlan, store: BlobStore): Promise<boolean> {
  const report = await readJson<Report>(store, "registry", registryPath.report(flow, id));
  return report?.value.stoppedByBudget !== undefined;
}

async function wasRolledBack({ flow, version }: RunPlan, store: BlobStore): Promise<boolean> {
  const last = (await readLedger(store, flow)).findLast(
    (entry) =>
      (entry.kind === "promoted" && entry.version === version) ||
      (entry.kind === "rolled_back" && entry.from === version),
  );
  return last?.kind === "rolled_back";
}
