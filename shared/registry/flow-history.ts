import type { CurrentRun, IntakeState, SupersededChange } from "../model/intake.ts";
import type { FlowHistory } from "../model/status.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { checkFlow, checkName, runStatus } from "./flow-status.ts";
import { readJson } from "./json-blob.ts";
import { chainHolds, readLedger } from "./ledger.ts";
import { registryPath } from "./paths.ts";

/**
 * The newest `top` entries, refusals and superseded changes, newest first, and the run that goes on; the chain is
 * checked over the whole ledger. Throws `NotFoundError` listing the known flows.
 */
export async function flowHistory(store: BlobStore, flow: string, top: number): Promise<FlowHistory> {
  await checkName(store, flow);
  const [current, refusals, superseded] = await Promise.all([
    readJson<CurrentRun>(store, "registry", registryPath.currentRun({ container: "flows", flow })),
    readNewest<IntakeState>(store, registryPath.refusals(flow), top),
    readNewest<SupersededChange>(store, registryPath.superseded(flow), top),
  ]);
  // After the others: what was decided meanwhile is told once.
  const entries = await readLedger(store, flow);
  if (entries.length === 0 && refusals.length === 0) await checkFlow(store, flow);
  const run = current?.value.run;
  const isOpen = run !== undefined && !entries.some((entry) => entry.run === run);
  // One without a run may be a late copy of a message whose run was decided long ago.
  const isTold = (change: SupersededChange): boolean =>
    change.run === undefined
      ? entries.some(({ version }) => version === change.version)
      : change.run === run || entries.some((entry) => entry.run === change.run);
  return {
    flow,
    entries: entries.slice(-top).reverse(),
    refusals,
    superseded: superseded.filter((change) => !isTold(change)),
    underWay: isOpen ? await runStatus(store, flow, run) : undefined,
    chainIntact: chainHolds(entries),
  };
}

/** Of a folder whose names grow with time. */
async function readNewest<T>(store: BlobStore, folder: string, top: number): Promise<T[]> {
  const names: string[] = [];
  for await (const { name } of store.list("registry", folder)) names.push(name);
  const blobs = await Promise.all(
    names
      .slice(-top)
      .reverse()
      .map((name) => readJson<T>(store, "registry", name)),
  );
  return blobs.flatMap((blob) => (blob ? [blob.value] : []));
}
