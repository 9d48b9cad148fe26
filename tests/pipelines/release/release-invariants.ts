import { asksAfter, asksFirst } from "../../../pipelines/release/release-event.ts";
import type { Evidence } from "../../../pipelines/release/evidence.ts";
import type { CanaryRollout } from "../../../shared/model/flow.ts";
import type { LedgerEntry, LedgerKind, ReleasePointer } from "../../../shared/model/release.ts";

/** What ends a candidate that it is about. */
const ENDS: ReadonlySet<LedgerKind> = new Set([
  "rejected",
  "superseded",
  "promoted",
  "succeeded",
  "recertified",
]);

/** Holds every write of a pointer against the one before it. Collects what is wrong, in words. */
export class WriteWatch {
  readonly wrong: string[] = [];
  private last: ReleasePointer | undefined;
  /** Steps, by rollout, that a person let go on. */
  private readonly approved = new Set<string>();

  /** `now`: by the storage service's clock, in milliseconds. */
  written(after: ReleasePointer, now: number): void {
    const before = this.last;
    this.last = after;
    this.watchCandidates(before, after);
    const { entry, rollout, canary } = after;
    if (entry.kind === "rolled_back") this.watchWayBack(before, after);
    if (entry.kind === "canary_started" && entry.actor === "system") {
      const asks = rollout?.plan.kind === "canary" && asksFirst(rollout.plan.approval);
      if (asks) this.wrong.push(`${entry.version} answers sessions, and nobody was asked`);
    }
    if (entry.kind === "resumed" && before?.rollout?.paused === "approval") {
      this.approved.add(`${rollout?.id}/${canary?.step}`);
    }
    const advances = entry.kind === "canary_advanced" || entry.kind === "promoting";
    if (advances && entry.actor === "system" && before) this.watchStep(before, now);
  }

  /** No candidate leaves the pointer without a word about it. */
  private watchCandidates(before: ReleasePointer | undefined, after: ReleasePointer): void {
    const { entry, stable } = after;
    const left = new Set([after.pending?.run, after.rollout?.candidate.run, stable?.run]);
    for (const gone of [before?.pending, before?.rollout?.candidate]) {
      if (!gone || left.has(gone.run)) continue;
      const isNamed =
        (ENDS.has(entry.kind) && entry.run === gone.run) ||
        entry.supersedes?.run === gone.run ||
        (entry.kind === "rolled_back" && entry.from === gone.version);
      if (!isNamed) this.wrong.push(`${gone.version} vanished by ${entry.kind} of ${entry.version}`);
    }
  }

  /** The way back ends where its entry says, which is not at what is taken back. */
  private watchWayBack(before: ReleasePointer | undefined, { entry, stable, canary }: ReleasePointer): void {
    if (stable?.version !== entry.version || canary) {
      this.wrong.push(`back at ${entry.version}, and ${stable?.version} serves`);
    }
    const isTaken =
      before?.rollout?.target !== undefined && entry.version === before.rollout.candidate.version;
    if (isTaken) this.wrong.push(`${entry.version} was taken back and serves`);
  }

  private watchStep({ rollout, canary }: ReleasePointer, now: number): void {
    if (rollout?.plan.kind !== "canary" || !canary) return;
    const { plan, id } = rollout;
    if (canary.step > 0 && now - Date.parse(canary.since) < plan.minTimeMs) {
      this.wrong.push(`step ${canary.step} was too short`);
    }
    const isLast = plan.steps[canary.step] === undefined;
    const asks = canary.step > 0 && asksAfter(plan.approval, isLast);
    if (asks && !this.approved.has(`${id}/${canary.step}`)) {
      this.wrong.push(`step ${canary.step} went on, and nobody was asked`);
    }
  }
}

/** What a look at the traffic must not leave as it was; undefined: nothing. */
export function leftUndone(
  before: ReleasePointer | undefined,
  after: ReleasePointer | undefined,
  seen: Partial<Evidence> | undefined,
  now: number,
): string | undefined {
  const { rollout, state, canary } = before ?? {};
  if (!rollout || rollout.id !== after?.rollout?.id || rollout.plan.kind !== "canary") return undefined;
  const goesBack = after.state === "aborting" || after.state === "blocked";
  const answers = state === "canary" || state === "paused" || state === "soaking";
  if (answers && seen?.signal && !goesBack) return `${state} in spite of a signal`;
  const plan: CanaryRollout = rollout.plan;
  // Another word may have come first: one look takes at most one step.
  if (after.generation > (before?.generation ?? 0) && after.state === state) return undefined;
  const waited = now - Date.parse(rollout.since);
  const waits = state === "paused" || state === "awaiting_approval";
  if (waits && after.state === state && waited >= plan.expiresMs) return `${state} for ever`;
  const silent = canary && seen === undefined && now - Date.parse(canary.since) >= plan.quietMs;
  if (state === "canary" && silent && after.state === "canary") return "a canary of which nothing is heard";
  return undefined;
}

/** Whether a version was taken back since it served everybody last; that it was refused since changes nothing. */
export function wasTakenBack(version: string, before: readonly LedgerEntry[]): boolean {
  const last = before.findLast(
    (entry) =>
      (entry.kind === "rolled_back" && entry.from === version) ||
      (entry.version === version && entry.kind === "promoted"),
  );
  return last?.kind === "rolled_back";
}
