import type { ActiveRollout, ReleasePointer } from "../../shared/model/release.ts";
import type { ReleaseVerb } from "../../shared/model/status.ts";
import { brokenStable } from "./decide-verdict.ts";
import { abort, begin, block, idle, pause, promote, resume, unchanged, writeEntry } from "./next-release.ts";
import type { CommandEvent, ReleaseDecision, WriteDecision } from "./release-event.ts";

type Decide = (pointer: ReleasePointer, event: CommandEvent, now: string) => ReleaseDecision;

const VERBS: Record<ReleaseVerb, Decide> = {
  approve,
  pause: onPause,
  resume: onResume,
  abort: onAbort,
  rollback: onRollback,
  promote: onPromote,
  stop: onStop,
  serve: onServe,
};

/** A person asks: what is bound to another rollout or step than the current one is refused. */
export function decideCommand(
  pointer: ReleasePointer | undefined,
  event: CommandEvent,
  now: string,
): ReleaseDecision {
  const { rolloutId, step, verb } = event;
  if (!pointer) return refuse("Nothing was released yet.");
  if (rolloutId !== undefined && rolloutId !== pointer.rollout?.id) {
    const current = pointer.rollout ? `The one under way is ${pointer.rollout.id}.` : "None is under way.";
    return refuse(`The rollout ${rolloutId} is over. ${current}`);
  }
  // An abort wins against whatever step it is at by now.
  if (verb !== "abort" && step !== undefined && step !== pointer.canary?.step) {
    return refuse(`The canary is at step ${pointer.canary?.step ?? "none"}; you saw step ${step}.`);
  }
  return VERBS[verb](pointer, event, now);
}

function approve(pointer: ReleasePointer, event: CommandEvent, now: string): ReleaseDecision {
  const { state, rollout, stable, canary } = pointer;
  if (!rollout || (state !== "awaiting_approval" && state !== "paused")) {
    return refuse("Nothing waits for an approval.");
  }
  const because = { actor: event.actor, reason: `Approved: ${event.reason}` };
  if (state === "paused") {
    const approvedStep = rollout.paused === "approval" ? (canary?.step ?? 0) : rollout.approvedStep;
    return resume(pointer, rollout, because, { now, approvedStep });
  }
  if (!event.verifies) return refuse(brokenCandidate(rollout));
  if (stable && !event.stableVerifies) {
    return block(pointer, rollout, { actor: "system", reason: brokenStable(stable.version) }, now);
  }
  return begin(pointer, rollout.candidate, rollout.plan, because, { now, approved: true, rollout });
}

function onPause(pointer: ReleasePointer, event: CommandEvent, now: string): ReleaseDecision {
  const { state, rollout } = pointer;
  if (!rollout || !pointer.canary || (state !== "canary" && state !== "promoting")) {
    return refuse("No canary is under way that could be paused.");
  }
  return pause(pointer, rollout, "person", event, now);
}

function onResume(pointer: ReleasePointer, event: CommandEvent, now: string): ReleaseDecision {
  const { state, rollout } = pointer;
  if (!rollout || state !== "paused") return refuse("Nothing is paused.");
  if (rollout.paused === "approval") {
    return refuse("It waits for an approval: `flowgate approve` gives it, `flowgate abort` refuses it.");
  }
  return resume(pointer, rollout, event, { now, approvedStep: rollout.approvedStep });
}

/** Stops what is under way. It never touches a version that serves by itself: what is over cannot be aborted. */
function onAbort(pointer: ReleasePointer, event: CommandEvent, now: string): ReleaseDecision {
  const { state, rollout } = pointer;
  if (!rollout) return refuse("No rollout is under way. `flowgate rollback` takes back what serves.");
  if (state === "aborting") return { kind: "hold", reason: "It is being aborted." };
  const servesNothing = !pointer.canary && rollout.target === undefined && state !== "soaking";
  if (servesNothing && state !== "promoting") {
    return writeEntry("rejected", rollout.candidate, event, idle(pointer), { rollout: rollout.id });
  }
  return abort(pointer, rollout, event, now);
}

/** During a rollout the way back is to abort it; else to the version before the one that serves. */
function onRollback(pointer: ReleasePointer, event: CommandEvent, now: string): ReleaseDecision {
  const { state, rollout, stable } = pointer;
  const { target, beforeTarget } = event;
  if (rollout && state !== "awaiting_approval" && state !== "blocked") return onAbort(pointer, event, now);
  if (!stable) return refuse("Nothing serves yet, so there is nothing to roll back.");
  if (!target) return refuse("There is no earlier version to go back to: this is the first release.");
  if (!event.targetVerifies) {
    return refuse(
      `The earlier version ${target.version} has missing or altered files; push its files again instead.`,
    );
  }
  const next = idle(pointer, { stable: { ...target, since: now }, previous: beforeTarget });
  if (!rollout) return writeEntry("rolled_back", target, event, next);
  const { id, candidate } = rollout;
  // It was being taken back already.
  if (rollout.target) {
    return writeEntry("rolled_back", target, event, next, { from: candidate.version, rollout: id });
  }
  // What waits was compared with another version: it is decided on again, unless a newer one is.
  const { pending } = pointer;
  const supersedes = pending && { version: candidate.version, run: candidate.run };
  return writeEntry("rolled_back", target, event, { ...next, pending: pending ?? candidate }, { supersedes });
}

/** A person lets a candidate serve everybody, whatever is missing. */
function onPromote(pointer: ReleasePointer, event: CommandEvent, now: string): ReleaseDecision {
  const { state, rollout } = pointer;
  if (rollout && (state === "soaking" || state === "aborting" || state === "promoting")) {
    return refuse(`The release is ${state}; there is nothing to promote.`);
  }
  const candidate = rollout?.candidate ?? event.forced;
  if (!candidate) {
    const { version } = event;
    return refuse(
      version === undefined
        ? "There is no candidate to promote: push one first."
        : `No run of a version ${version} is known: push it first.`,
    );
  }
  if (rollout && event.version !== undefined && event.version !== candidate.version) {
    return refuse(
      `The candidate under way is ${candidate.version}, not ${event.version}: abort its rollout first.`,
    );
  }
  if (candidate.version === pointer.stable?.version) return refuse(`${candidate.version} serves already.`);
  if (!event.verifies) {
    return refuse(`The files of ${candidate.version} are missing or altered; push it again.`);
  }
  if (!rollout) return promote(pointer, candidate, event, now);
  return writeEntry("promoting", candidate, event, {
    ...unchanged(pointer),
    state: "promoting",
    rollout: { ...rollout, since: now, paused: undefined, target: undefined },
  });
}

/** The flow answers nobody, whatever the release is doing: for an emergency, so it needs no state. */
function onStop(pointer: ReleasePointer, event: CommandEvent): ReleaseDecision {
  if (!pointer.stable) return refuse("Nothing serves yet, so there is nothing to stop.");
  if (pointer.stopped) return { kind: "hold", reason: "It is stopped." };
  return { ...switched("stopped", pointer.stable.version, pointer, event), stopped: true };
}

function onServe(pointer: ReleasePointer, event: CommandEvent): ReleaseDecision {
  if (!pointer.stable || !pointer.stopped) return refuse("The flow is not stopped.");
  return { ...switched("served_again", pointer.stable.version, pointer, event), stopped: false };
}

function switched(
  kind: "stopped" | "served_again",
  version: string,
  pointer: ReleasePointer,
  event: CommandEvent,
): WriteDecision {
  return writeEntry(
    kind,
    { version, suite: undefined, run: undefined, commit: undefined },
    event,
    unchanged(pointer),
  );
}

function refuse(reason: string): ReleaseDecision {
  return { kind: "refuse", reason };
}

function brokenCandidate({ candidate }: ActiveRollout): string {
  return `The files of ${candidate.version} are missing or altered; push it again.`;
}
