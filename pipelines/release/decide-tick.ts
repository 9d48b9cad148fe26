import type { CanaryRollout } from "../../shared/model/flow.ts";
import type {
  ActiveRollout,
  CanaryShare,
  PauseReason,
  ReleasePointer,
  ReleaseState,
} from "../../shared/model/release.ts";
import { keepPending } from "./decide-verdict.ts";
import type { Evidence } from "./evidence.ts";
import { formatShare } from "./format-share.ts";
import {
  abort,
  idle,
  pause,
  promote,
  stepWords,
  unchanged,
  writeEntry,
  type Because,
} from "./next-release.ts";
import { asksAfter, type ReleaseDecision, type TickEvent } from "./release-event.ts";

/** Either way a shadow is judged wrongly in at most one of twenty rollouts. */
const SHADOW_CERTAIN = Math.log(20);

/** Time has passed and traffic was counted: at most one step. `now` is the storage service's clock. */
export function decideTick(
  pointer: ReleasePointer | undefined,
  event: TickEvent,
  now: string,
): ReleaseDecision {
  const rollout = pointer?.rollout;
  if (!pointer || !rollout) {
    return pointer?.pending ? { kind: "start", run: pointer.pending.run } : hold("Nothing is under way.");
  }
  const evidence = event.evidence?.rolloutId === rollout.id ? event.evidence : undefined;
  // Guarded in every state in which the candidate answers somebody, paused and waiting included.
  const isServed = pointer.state === "soaking" || pointer.canary !== undefined;
  const goesBack = pointer.state === "aborting" || pointer.state === "blocked";
  if (isServed && !goesBack && evidence?.signal) {
    return abort(pointer, rollout, because(signalWords(evidence.signal)), now);
  }
  const { pushedAgain } = event;
  if (pushedAgain && pointer.pending?.run !== pushedAgain.run) return keepPending(pointer, pushedAgain);
  return STATES[pointer.state]({ pointer, rollout, evidence, event, now });
}

interface Tick {
  pointer: ReleasePointer;
  rollout: ActiveRollout;
  evidence: Evidence | undefined;
  event: TickEvent;
  now: string;
}

const STATES: Record<ReleaseState, (tick: Tick) => ReleaseDecision> = {
  idle: () => hold("Nothing is under way."),
  awaiting_approval({ pointer, rollout, now }) {
    if (!isExpired(rollout, now)) return hold("It waits for an approval.");
    const reason = "Nobody approved it in time.";
    return writeEntry("rejected", rollout.candidate, because(reason), idle(pointer), { rollout: rollout.id });
  },
  paused({ pointer, rollout, now }) {
    if (!isExpired(rollout, now)) return hold("It is paused.");
    return abort(pointer, rollout, because("Nobody resumed or approved it in time."), now);
  },
  promoting({ pointer, rollout, event, now }) {
    if (event.verifies) return promote(pointer, rollout.candidate, because(promotedWords(rollout)), now);
    return abort(pointer, rollout, because("Its files are missing or do not match their hashes."), now);
  },
  soaking: ({ pointer, rollout, evidence, now }) => soak(pointer, rollout, evidence, now),
  canary({ pointer, rollout, evidence, now }) {
    const { canary } = pointer;
    const { plan } = rollout;
    if (!canary || plan.kind !== "canary") return hold("There is no canary.");
    return watch(pointer, { rollout, plan, canary }, evidence, now);
  },
  aborting: ({ pointer, rollout, event, now }) => land(pointer, rollout, event, now),
  blocked: ({ pointer, rollout, event, now }) => unblock(pointer, rollout, event, now),
};

function isExpired({ plan, since }: ActiveRollout, now: string): boolean {
  return plan.kind === "canary" && elapsed(since, now) >= plan.expiresMs;
}

interface Watched {
  rollout: ActiveRollout;
  plan: CanaryRollout;
  canary: CanaryShare;
}

/** A step of the canary without a signal to roll back: paused, advanced, or watched on. */
function watch(
  pointer: ReleasePointer,
  watched: Watched,
  seen: Evidence | undefined,
  now: string,
): ReleaseDecision {
  const { rollout, plan, canary } = watched;
  const evidence = seen?.step === canary.step ? seen : undefined;
  const lasted = elapsed(canary.since, now);
  const stop = (why: PauseReason, reason: string): ReleaseDecision =>
    pause(pointer, rollout, why, because(reason), now);

  if (evidence?.brokenSplit) {
    const { canarySessions, stableSessions } = evidence;
    const share = formatShare(canary.weight);
    return stop(
      "broken_split",
      `Of ${canarySessions + stableSessions} sessions ${canarySessions} went to the canary, which is not ${share}.`,
    );
  }
  const newest = evidence?.newestAt;
  const silent = elapsed(newest !== undefined && newest > canary.since ? newest : canary.since, now);
  if (silent >= plan.quietMs) {
    return newest === undefined
      ? stop("no_traffic", `No session came at ${stepWords(pointer)}.`)
      : stop("stale_evidence", `Nothing was heard of the traffic since ${newest}.`);
  }
  if (canary.step === 0 && plan.shadow) return watchShadow(pointer, watched, evidence, now);
  // Written so that a count which is no number holds the canary instead of letting it on.
  const enough =
    evidence !== undefined && evidence.canarySessions >= plan.minSessions && evidence.stableSessions >= 1;
  if (enough && lasted >= plan.minTimeMs) {
    const passed = `${evidence.canarySessions} sessions at ${stepWords(pointer)} gave no reason to go back.`;
    return advance(pointer, watched, passed, now);
  }
  if (lasted >= plan.maxTimeMs) {
    const sessions = `${evidence?.canarySessions ?? 0} of ${plan.minSessions} sessions`;
    return stop("time_limit", `The time of ${stepWords(pointer)} is over after ${sessions}.`);
  }
  return hold("It is watched.");
}

/** Which of the two answers is preferred says whether the candidate may answer anybody. */
function watchShadow(
  pointer: ReleasePointer,
  watched: Watched,
  evidence: Evidence | undefined,
  now: string,
): ReleaseDecision {
  const { rollout, plan, canary } = watched;
  const { turns = 0, mean = 0.5, noWorse = 0, worse = 0 } = evidence?.shadow ?? {};
  const found = `Of ${turns} turns that both answered its share of wins is ${formatShare(mean)}`;
  const minTurns = plan.shadow?.minTurns ?? Infinity;
  if (turns >= minTurns && worse >= SHADOW_CERTAIN) {
    return abort(pointer, rollout, because(`${found}: worse than the rollout accepts.`), now);
  }
  if (turns >= minTurns && noWorse >= SHADOW_CERTAIN) {
    return advance(pointer, watched, `${found}: no worse than the rollout accepts.`, now);
  }
  if (elapsed(canary.since, now) >= plan.maxTimeMs) {
    const reason = `The time of the shadow is over, and ${turns} turns that both answered do not tell which is better.`;
    return pause(pointer, rollout, "time_limit", because(reason), now);
  }
  return hold("It answers unseen.");
}

function advance(
  pointer: ReleasePointer,
  { rollout, plan, canary }: Watched,
  passed: string,
  now: string,
): ReleaseDecision {
  const weight = plan.steps[canary.step];
  if (asksAfter(plan.approval, weight === undefined) && rollout.approvedStep < canary.step) {
    return pause(pointer, rollout, "approval", because(`${passed} It waits for an approval.`), now);
  }
  const since = { ...rollout, since: now };
  if (weight === undefined) {
    return writeEntry("promoting", rollout.candidate, because(passed), {
      ...unchanged(pointer),
      state: "promoting",
      rollout: since,
    });
  }
  return writeEntry("canary_advanced", rollout.candidate, because(passed), {
    ...unchanged(pointer),
    canary: { ...canary, weight, step: canary.step + 1, since: now },
    rollout: since,
  });
}

/** Without a signal: enough sessions and time make a success; too few sessions make it wait longer. */
function soak(
  pointer: ReleasePointer,
  rollout: ActiveRollout,
  evidence: Evidence | undefined,
  now: string,
): ReleaseDecision {
  const { plan } = rollout;
  if (plan.kind !== "canary") return succeed(pointer, rollout, "Nothing was to be watched.");
  const lasted = elapsed(rollout.since, now);
  const sessions = evidence?.step === plan.steps.length + 1 ? evidence.canarySessions : 0;
  if (lasted < plan.soakMs) return hold("It soaks.");
  if (sessions >= plan.minSessions)
    return succeed(pointer, rollout, `${sessions} sessions gave no reason to go back.`);
  if (lasted < plan.soakMs + plan.maxTimeMs) return hold("It soaks until it had enough sessions.");
  return succeed(
    pointer,
    rollout,
    `${sessions} sessions came while it was watched, and none gave a reason to go back.`,
  );
}

function succeed(pointer: ReleasePointer, rollout: ActiveRollout, reason: string): ReleaseDecision {
  return writeEntry("succeeded", rollout.candidate, because(reason), idle(pointer), { rollout: rollout.id });
}

/** An abort ends at a version that verifies, or nothing moves. */
function land(
  pointer: ReleasePointer,
  rollout: ActiveRollout,
  { targetVerifies, fallback, beforeTarget }: TickEvent,
  now: string,
): ReleaseDecision {
  const target = targetVerifies ? rollout.target : fallback;
  if (!target) {
    const wanted = rollout.target?.version ?? "the version before";
    const reason = `Neither ${wanted} nor any version of the ledger has its files whole: the shares stay as they are.`;
    return writeEntry("blocked", rollout.candidate, because(reason), {
      ...unchanged(pointer),
      state: "blocked",
      rollout: { ...rollout, since: now },
    });
  }
  const isStable = target.version === pointer.stable?.version;
  // Whoever reads of the end reads why: the entry before it says who or what asked for it.
  const { entry } = pointer;
  const why = entry.kind === "aborting" ? `: ${entry.reason.replace(/\.$/, "")}` : "";
  const reason = targetVerifies
    ? `${rollout.candidate.version} is taken back${why}.`
    : `The files of ${rollout.target?.version ?? "its target"} are missing or altered: ${target.version} is the newest that verifies.`;
  const served = isStable ? {} : { stable: { ...target, since: now }, previous: beforeTarget };
  return writeEntry("rolled_back", target, because(reason), idle(pointer, served), {
    from: rollout.candidate.version,
    rollout: rollout.id,
  });
}

/** Where everybody has the candidate and there is no way back from it, one that is newer is the way on. */
function yieldToNewer(pointer: ReleasePointer, rollout: ActiveRollout): ReleaseDecision {
  const { stable, pending } = pointer;
  const { candidate, id } = rollout;
  if (!pending || stable?.version !== candidate.version) return hold("No version verifies.");
  const reason = `There is no version to go back to; ${pending.version} is newer and is decided on instead.`;
  return writeEntry("superseded", candidate, because(reason), idle(pointer), { rollout: id });
}

/** What blocked it was mended: an abort goes on, and a candidate is decided on again. */
function unblock(
  pointer: ReleasePointer,
  rollout: ActiveRollout,
  { stableVerifies, targetVerifies, fallback }: TickEvent,
  now: string,
): ReleaseDecision {
  const { candidate, target } = rollout;
  if (target) {
    if (!targetVerifies && !fallback) return yieldToNewer(pointer, rollout);
    return writeEntry("aborting", candidate, because("A version verifies again: the abort goes on."), {
      ...unchanged(pointer),
      state: "aborting",
      rollout: { ...rollout, since: now },
    });
  }
  if (!stableVerifies) return hold("The version that serves does not verify.");
  const { pending } = pointer;
  if (pending) {
    const reason = `The version that serves verifies again; ${pending.version} is newer and is decided on instead.`;
    return writeEntry("superseded", candidate, because(reason), idle(pointer), { rollout: rollout.id });
  }
  const reason = "The version that serves verifies again: the candidate is decided on again.";
  const next = { ...idle(pointer), pending: candidate };
  return writeEntry("unblocked", candidate, because(reason), next, { rollout: rollout.id });
}

function promotedWords({ plan }: ActiveRollout): string {
  const steps = plan.kind === "canary" ? plan.steps.map(formatShare).join(", ") : "";
  return steps === "" ? "It serves everybody." : `It serves everybody after ${steps}.`;
}

function signalWords({ defect, canary, stable }: NonNullable<Evidence["signal"]>): string {
  const of = {
    error: "an error",
    latency: "an answer over the latency objective",
    abandoned: "a client that left before the answer was whole",
    guardrail: "a guardrail hit",
    thumbs_down: "a thumbs-down",
    online_score: "a failing online score",
  }[defect];
  return `${canary} of its sessions had ${of} first, ${stable} of the others: more than chance explains.`;
}

function because(reason: string): Because {
  return { actor: "system", reason };
}

function hold(reason: string): ReleaseDecision {
  return { kind: "hold", reason };
}

function elapsed(since: string, now: string): number {
  return Date.parse(now) - Date.parse(since);
}
