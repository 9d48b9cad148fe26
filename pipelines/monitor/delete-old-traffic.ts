import { MONITORING_DEFAULTS } from "../../shared/flow/monitoring-schema.ts";
import { messageOf } from "../../shared/errors.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { listFlows } from "../../shared/registry/flow-status.ts";
import { readMonitoringPlan } from "../../shared/registry/monitoring-plan.ts";
import { trafficPath, type KeptTraffic } from "../../shared/registry/paths.ts";

const KEPT: readonly KeptTraffic[] = ["turns", "scores", "feedback", "proposals"];
const DAY_MS = 86_400_000;

/**
 * Deletes what is older than its flow keeps it: turns, scores, feedback, proposals. One flow whose blobs cannot be
 * deleted now holds up no other; `report` is told.
 */
export async function deleteOldTraffic(
  { store, clock }: { store: BlobStore; clock: Pick<Clock, "now"> },
  report: (message: string) => void,
): Promise<void> {
  for (const flow of await listFlows(store)) {
    try {
      const plan = await readMonitoringPlan(store, flow);
      const days = plan?.monitoring.retainDays ?? MONITORING_DEFAULTS.retainDays;
      const oldest = new Date(clock.now().getTime() - days * DAY_MS).toISOString().slice(0, 10);
      await deleteBefore(store, flow, oldest);
    } catch (error) {
      report(`${flow}: ${messageOf(error)}`);
    }
  }
}

async function deleteBefore(store: BlobStore, flow: string, oldest: string): Promise<void> {
  for (const kind of KEPT) {
    for (const day of await store.listFolders("traffic", trafficPath.kept(flow, kind))) {
      if (day >= oldest) continue;
      for await (const { name } of store.list("traffic", trafficPath.keptDay(flow, kind, day))) {
        await store.delete("traffic", name);
      }
    }
  }
}
