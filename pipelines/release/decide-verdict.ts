import type { Candidate, LedgerKind, ReleasePointer } from "../../shared/model/release.ts";
import { askApproval, begin, block, newRollout, unchanged, withoutRun, writeEntry } from "./next-release.ts";
import type { NextRelease, ReleaseDecision, VerdictEvent, WriteDecision } from "./release-event.ts";

const SYSTEM = "system";

/** A run was judged: the rows of Gating, and what becomes of a candidate while another one is under way. */
export function decideVerdict(
  pointer: ReleasePointer | undefined,
  event: VerdictEvent,
  now: string,
): ReleaseDecision {
  const { verdict, rollout: plan } = event;
  const { version, suite, run, outcome } = verdict;
  const candidate: Candidate = { version, suite, run, commit: event.commit };
  const stable = pointer?.stable;
  const active = pointer?.rollout;
  const because = { actor: SYSTEM, reason: verdict.reasons.join(" ") };
  const record = (kind: LedgerKind, reason: string, next: Partial<NextRelease> = {}): WriteDecision =>
    writeEntry(
      kind,
      candidate,
      { actor: SYSTEM, reason },
      {
        ...unchanged(pointer),
        pending: withoutRun(pointer, run),
        ...next,
      },
    );

  if (verdict.purpose === "recertification") {
    if (stable?.version !== version) {
      const reason = "Production changed while it was re-certified.";
      // Pushed last, it is wanted: as a candidate, now that something else serves.
      if (!event.superseded) return { kind: "replan", reason, afterwards: record("superseded", reason) };
      return record("superseded", reason);
    }
    if (outcome === "fail") return record("recertification_failed", because.reason);
    if (outcome !== "pass") {
      return record("recertification_undecided", `Production could not be certified. ${because.reason}`);
    }
    return record("recertified", because.reason, { stable: { ...stable, suite, run } });
  }
  if (active?.candidate.run === run) return { kind: "hold", reason: "Its rollout is under way." };
  if (stable?.version === version && stable.suite === suite) {
    const reason = "It serves already.";
    if (active && active.candidate.version !== version && !event.superseded) {
      return keepPending(pointer, candidate);
    }
    return pointer?.pending?.run === run ? record("superseded", reason) : { kind: "hold", reason };
  }
  if (event.superseded) return record("superseded", "A newer change arrived before this one was decided.");
  if (outcome === "error" && plan.kind === "canary" && event.retriesLeft > 0)
    return { kind: "retry", reason: because.reason };
  const asks = outcome === "inconclusive" && plan.kind === "canary";
  if (outcome !== "pass" && !asks) return record("rejected", because.reason);
  if (active && isTried(pointer, candidate)) return keepTrying(pointer);
  if (active) return keepPending(pointer, candidate);
  if (stable?.version !== verdict.baseline) {
    const reason = "Production changed since the run was planned: it is compared again.";
    const waited = pointer?.pending?.run === run;
    return { kind: "replan", reason, ...(waited && { afterwards: record("superseded", reason) }) };
  }
  if (!event.verifies) {
    return record("rejected", "The version's files are missing or do not match their hashes; push it again.");
  }
  if (event.failedBefore !== undefined) return record("rejected", event.failedBefore);
  const rollout = newRollout(pointer, candidate, plan, now);
  if (asks) {
    const reason = `The evaluation is inconclusive: a person decides. ${because.reason}`;
    return askApproval(pointer, rollout, { actor: SYSTEM, reason }, now);
  }
  if (stable && !event.stableVerifies) {
    return block(pointer, rollout, { actor: SYSTEM, reason: brokenStable(stable.version) }, now);
  }
  return begin(pointer, candidate, plan, because, { now, approved: false, rollout: undefined });
}

export function brokenStable(version: string): string {
  return (
    `The files of ${version}, which serves, are missing or do not match their hashes: there would be no way back. ` +
    "Restore them, or let the candidate take its place with `flowgate promote`."
  );
}

/** Whether the same content, judged by the same suite, is on its way to everybody, or waits to be let on it. */
function isTried({ state, rollout }: ReleasePointer, { version, suite }: Candidate): boolean {
  const isUnderWay =
    state === "awaiting_approval" || state === "canary" || state === "paused" || state === "promoting";
  return isUnderWay && rollout?.candidate.version === version && rollout.candidate.suite === suite;
}

/** The same was pushed again: whatever waits is older. */
function keepTrying({ pending, ...pointer }: ReleasePointer): ReleaseDecision {
  const reason = "It is the candidate already.";
  if (!pending) return { kind: "hold", reason };
  const instead = "What is under way was pushed again since.";
  return writeEntry("superseded", pending, { actor: SYSTEM, reason: instead }, unchanged(pointer));
}

/** One candidate waits; a newer one takes its place, and the entry is about the one that loses it. */
export function keepPending(pointer: ReleasePointer, candidate: Candidate): ReleaseDecision {
  const { pending } = pointer;
  if (pending?.run === candidate.run) return { kind: "hold", reason: "It waits for its turn." };
  const next = { ...unchanged(pointer), pending: candidate };
  if (!pending) {
    const reason = "Another rollout is under way: it starts when that has ended.";
    return writeEntry("queued", candidate, { actor: SYSTEM, reason }, next);
  }
  const reason = `${candidate.version} is newer and waits in its place.`;
  return writeEntry("superseded", pending, { actor: SYSTEM, reason }, next);
}
