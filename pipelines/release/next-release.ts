import { contentHash } from "../../shared/model/canonical.ts";
import type { Rollout } from "../../shared/model/flow.ts";
import type {
  ActiveRollout,
  Candidate,
  LedgerEntry,
  LedgerKind,
  PauseReason,
  ReleasePointer,
  ServedVersion,
} from "../../shared/model/release.ts";
import { formatShare } from "./format-share.ts";
import type { NextRelease, WriteDecision } from "./release-event.ts";
import { asksFirst } from "./release-event.ts";

/** Who decides what, and why: part of every entry. */
export interface Because {
  actor: string;
  reason: string;
}

/** What a decision that leaves the release as it is carries over. */
export function unchanged(pointer: ReleasePointer | undefined): NextRelease {
  const { state = "idle", stable, previous, canary, rollout, pending } = pointer ?? {};
  return { state, stable, previous, canary, rollout, pending };
}

export function writeEntry(
  kind: LedgerKind,
  about: Pick<Candidate, "version" | "commit"> & { suite: string | undefined; run: string | undefined },
  { actor, reason }: Because,
  next: NextRelease,
  more: Partial<Pick<LedgerEntry, "from" | "rollout" | "supersedes">> = {},
): WriteDecision {
  const { version, suite, run, commit } = about;
  const rollout = more.rollout ?? next.rollout?.id;
  const weight = next.canary?.weight;
  return {
    kind: "write",
    entry: { kind, version, suite, run, ...more, rollout, weight },
    actor,
    reason,
    commit,
    next,
  };
}

/** Everything that is under way is over; what waits in `pending` starts with the next tick. */
export function idle(
  pointer: ReleasePointer,
  served: Partial<Pick<NextRelease, "stable" | "previous">> = {},
): NextRelease {
  const { stable, previous, pending } = pointer;
  return { state: "idle", stable, previous, canary: undefined, rollout: undefined, pending, ...served };
}

/**
 * A candidate that passed, or that a person let pass, begins: everybody at once where the rollout is immediate or
 * nothing serves yet; else a question for approval, or the first step of the canary.
 */
export function begin(
  pointer: ReleasePointer | undefined,
  candidate: Candidate,
  plan: Rollout,
  because: Because,
  { now, approved, rollout }: { now: string; approved: boolean; rollout: ActiveRollout | undefined },
): WriteDecision {
  const stable = pointer?.stable;
  if (plan.kind === "immediate" || !stable) return promote(pointer, candidate, because, now);
  const active = rollout ?? newRollout(pointer, candidate, plan, now);
  if (asksFirst(plan.approval) && !approved) {
    return askApproval(
      pointer,
      active,
      { ...because, reason: `${because.reason} It waits for an approval.` },
      now,
    );
  }
  const step = plan.shadow ? 0 : 1;
  const weight = plan.steps[step - 1] ?? 0;
  const canary = {
    version: candidate.version,
    weight,
    seed: contentHash({ rollout: active.id, for: "assignment" }).slice(0, 16),
    rolloutId: active.id,
    step,
    since: now,
  };
  return writeEntry("canary_started", candidate, because, {
    ...unchanged(pointer),
    state: "canary",
    canary,
    rollout: { ...active, since: now },
    pending: withoutRun(pointer, candidate.run),
  });
}

/** Nothing is served of the candidate until a person says so. */
export function askApproval(
  pointer: ReleasePointer | undefined,
  rollout: ActiveRollout,
  because: Because,
  now: string,
): WriteDecision {
  return writeEntry("approval_required", rollout.candidate, because, {
    ...unchanged(pointer),
    state: "awaiting_approval",
    rollout: { ...rollout, since: now },
    pending: withoutRun(pointer, rollout.candidate.run),
  });
}

/** The one write that gives a candidate to everybody. It is watched for a while where the rollout asks for that. */
export function promote(
  pointer: ReleasePointer | undefined,
  candidate: Candidate,
  because: Because,
  now: string,
): WriteDecision {
  const { version, suite, run } = candidate;
  const served: ServedVersion = { version, suite, run, since: now };
  const rollout = pointer?.rollout?.candidate.run === run ? pointer.rollout : undefined;
  const soaks = rollout?.plan.kind === "canary" && rollout.plan.soakMs > 0 && pointer?.stable !== undefined;
  return writeEntry(
    "promoted",
    candidate,
    because,
    {
      state: soaks ? "soaking" : "idle",
      stable: served,
      previous: pointer?.stable,
      canary: undefined,
      rollout: soaks ? { ...rollout, since: now } : undefined,
      pending: withoutRun(pointer, run),
    },
    rollout ? { rollout: rollout.id } : {},
  );
}

export function newRollout(
  pointer: ReleasePointer | undefined,
  candidate: Candidate,
  plan: Rollout,
  now: string,
): ActiveRollout {
  const generation = (pointer?.generation ?? 0) + 1;
  return {
    id: contentHash({ run: candidate.run, generation, now }).slice(0, 12),
    candidate,
    baseline: pointer?.stable?.version,
    plan,
    startedAt: now,
    since: now,
    approvedStep: 0,
  };
}

/** The canary goes on as it is: whoever resumes it gives the step its time anew. */
export function resume(
  pointer: ReleasePointer,
  rollout: ActiveRollout,
  because: Because,
  { now, approvedStep }: { now: string; approvedStep: number },
): WriteDecision {
  const { canary } = pointer;
  const since = rollout.paused === "approval" ? (canary?.since ?? now) : now;
  return writeEntry("resumed", rollout.candidate, because, {
    ...unchanged(pointer),
    state: "canary",
    canary: canary && { ...canary, since },
    rollout: { ...rollout, since: now, paused: undefined, approvedStep },
  });
}

export function pause(
  pointer: ReleasePointer,
  rollout: ActiveRollout,
  why: PauseReason,
  because: Because,
  now: string,
): WriteDecision {
  return writeEntry(why === "approval" ? "approval_required" : "paused", rollout.candidate, because, {
    ...unchanged(pointer),
    state: "paused",
    rollout: { ...rollout, since: now, paused: why },
  });
}

/** The weights stay until the target is known to verify: the next decision moves everybody there. */
export function abort(
  pointer: ReleasePointer,
  rollout: ActiveRollout,
  because: Because,
  now: string,
): WriteDecision {
  const target = rollout.target ?? (pointer.state === "soaking" ? pointer.previous : pointer.stable);
  return writeEntry("aborting", rollout.candidate, because, {
    ...unchanged(pointer),
    state: "aborting",
    rollout: { ...rollout, since: now, paused: undefined, target },
  });
}

export function block(
  pointer: ReleasePointer | undefined,
  rollout: ActiveRollout,
  because: Because,
  now: string,
): WriteDecision {
  return writeEntry("blocked", rollout.candidate, because, {
    ...unchanged(pointer),
    state: "blocked",
    rollout: { ...rollout, since: now, paused: undefined },
    pending: withoutRun(pointer, rollout.candidate.run),
  });
}

/** The pending candidate, unless it is this one. */
export function withoutRun(pointer: ReleasePointer | undefined, run: string): Candidate | undefined {
  return pointer?.pending?.run === run ? undefined : pointer?.pending;
}

export function stepWords(pointer: ReleasePointer): string {
  const { canary, rollout } = pointer;
  if (!canary || rollout?.plan.kind !== "canary") return "the canary";
  if (canary.step === 0) return "the shadow";
  return `step ${canary.step} of ${rollout.plan.steps.length} (${formatShare(canary.weight)})`;
}
