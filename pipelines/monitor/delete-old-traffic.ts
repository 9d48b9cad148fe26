import { MONITORING_DEFAULTS } from "../../shared/flow/monitoring-schema.ts";
import { messageOf } from "../../shared/errors.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { listFlows } from "../../shared/registry/flow-status.ts";
import { readMonitoringPlan } from "../../shared/registry/monitoring-plan.ts";
import { trafficPath, type KeptTraffic } from "../../shared/registry/paths.ts";

const KEPT: readonly KeptTraffic[] = ["turns", "scores", "feedback", "proposals"];
const DAY_MS = 86_400_000;
/** No text is in it, but hashes of sessions; no rollout takes so long that it is still asked for. */
const EVIDENCE_DAYS = 90;

/**
 * Deletes what is older than its flow keeps it: turns, scores, feedback, proposals; and what rollouts were judged by
 * (rollups, shadow comparisons) after 90 days. One flow whose blobs cannot be deleted now holds up no other; `report` is
 * told.
 */
export async function deleteOldTraffic(
  { store, clock }: { store: BlobStore; clock: Pick<Clock, "now"> },
  report: (message: string) => void,
): Promise<void> {
  for (const flow of await listFlows(store)) {
    try {
      const plan = await readMonitoringPlan(store, flow);
      const days = plan?.monitoring.retainDays ?? MONITORING_DEFAULTS.retainDays;
      await deleteBefore(store, flow, daysAgo(clock, days).toISOString().slice(0, 10));
      await deleteEvidence(store, flow, daysAgo(clock, EVIDENCE_DAYS));
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

/** Rollups are in folders by the hour, comparisons in folders by the rollout. */
async function deleteEvidence(store: BlobStore, flow: string, oldest: Date): Promise<void> {
  for (const hour of await store.listFolders("traffic", trafficPath.rollups(flow))) {
    if (hour >= oldest.toISOString().slice(0, 13)) continue;
    for await (const { name } of store.list("traffic", trafficPath.rollupHour(flow, hour))) {
      await store.delete("traffic", name);
    }
  }
  for await (const { name, lastModified } of store.list("traffic", trafficPath.allShadows(flow))) {
    if (lastModified < oldest) await store.delete("traffic", name);
  }
}

function daysAgo(clock: Pick<Clock, "now">, days: number): Date {
  return new Date(clock.now().getTime() - days * DAY_MS);
}
