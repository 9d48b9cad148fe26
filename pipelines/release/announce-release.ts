import type { LedgerKind, ReleasePointer } from "../../shared/model/release.ts";
import type { FlowgateEventType } from "../../shared/ports/events.ts";
import type { ReleaseDependencies } from "./release-dependencies.ts";

const EVENT_TYPES: Record<LedgerKind, FlowgateEventType | undefined> = {
  promoted: "Flowgate.Promoted",
  rejected: "Flowgate.Rejected",
  recertified: "Flowgate.Recertified",
  recertification_failed: "Flowgate.RecertificationFailed",
  recertification_undecided: "Flowgate.RecertificationUndecided",
  rolled_back: "Flowgate.RolledBack",
  superseded: undefined,
  approval_required: "Flowgate.ApprovalRequired",
  canary_started: "Flowgate.CanaryStarted",
  canary_advanced: "Flowgate.CanaryAdvanced",
  paused: "Flowgate.Paused",
  resumed: "Flowgate.Resumed",
  promoting: undefined,
  succeeded: "Flowgate.Succeeded",
  aborting: "Flowgate.RollingBack",
  blocked: "Flowgate.ReleaseBlocked",
  unblocked: "Flowgate.ReleaseUnblocked",
  queued: undefined,
  stopped: "Flowgate.Stopped",
  served_again: "Flowgate.ServedAgain",
};

/** Tells dashboards and alerts of the pointer's entry. */
export function recordRelease(
  { flow, entry, state }: ReleasePointer,
  { telemetry }: Pick<ReleaseDependencies, "telemetry">,
): void {
  telemetry.event("flowgate.release", {
    "flowgate.flow": flow,
    "flowgate.release.kind": entry.kind,
    "flowgate.release.state": state,
    "flowgate.version": entry.version,
    "flowgate.suite": entry.suite,
    "flowgate.run": entry.run,
    "flowgate.from": entry.from,
    "flowgate.rollout": entry.rollout,
    "flowgate.weight": entry.weight,
    "flowgate.actor": entry.actor === "system" ? "system" : "person",
    "flowgate.sequence": entry.sequence,
  });
  if (entry.kind === "recertification_failed") {
    // An event of its own, for an alert: production fails what it is judged by now, and nothing takes its place.
    telemetry.event("flowgate.recertification.failed", {
      "flowgate.flow": flow,
      "flowgate.version": entry.version,
      "flowgate.suite": entry.suite,
      "flowgate.run": entry.run,
    });
  }
}

/** Tells subscribers. The event's id is the ledger entry's hash: the same fact, the same id. */
export async function publishRelease(
  { flow, entry, state, stable, canary }: ReleasePointer,
  { events }: Pick<ReleaseDependencies, "events">,
): Promise<void> {
  const type = EVENT_TYPES[entry.kind];
  if (!type) return;
  await events.publish({
    id: entry.hash,
    type,
    subject: `flows/${flow}`,
    time: new Date(entry.at),
    data: { ...entry, state, serving: stable?.version, canary: canary?.version },
  });
}
