import type { Monitoring } from "../model/flow.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { readJson, replaceJson } from "./json-blob.ts";
import { registryPath } from "./paths.ts";

/** `registry/<flow>/monitoring.json`: how production is watched, from the moment a change is accepted. */
export interface MonitoringPlan {
  /** Of the change that says so: an older one never replaces it. */
  sequence: number;
  /** The suite whose evaluators score. */
  suite: string;
  /** Undefined: nothing is kept or scored. */
  monitoring?: Monitoring | undefined;
}

const ATTEMPTS = 5;

/** Stores what a change says, unless a newer one has. A flow that never asked for monitoring gets no blob. */
export async function storeMonitoringPlan(
  store: BlobStore,
  flow: string,
  plan: MonitoringPlan,
): Promise<void> {
  const name = registryPath.monitoring(flow);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const known = await readJson<MonitoringPlan>(store, "registry", name);
    if (known ? known.value.sequence >= plan.sequence : !plan.monitoring) return;
    if (await replaceJson(store, "registry", name, plan, known?.etag)) return;
  }
}

/** Undefined where the flow is not watched. */
export async function readMonitoringPlan(
  store: BlobStore,
  flow: string,
): Promise<(MonitoringPlan & { monitoring: Monitoring }) | undefined> {
  const plan = (await readJson<MonitoringPlan>(store, "registry", registryPath.monitoring(flow)))?.value;
  return plan?.monitoring && { ...plan, monitoring: plan.monitoring };
}
