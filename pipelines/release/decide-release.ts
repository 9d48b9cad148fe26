import type { LedgerKind, ReleasePointer, ServedVersion } from "../../shared/model/release.ts";
import type { Verdict } from "../../shared/model/run.ts";

/** What the release stage is asked to act on, with every fact the decision needs. */
export type ReleaseRequest =
  | {
      kind: "verdict";
      verdict: Verdict;
      /** A newer change was planned since. */
      superseded: boolean;
      /** Whether the candidate's files are there and match their hashes. */
      verifies: boolean;
      now: string;
    }
  | {
      kind: "rollback";
      target: ServedVersion | undefined;
      /** What serves before the target did, so that one can go back further. */
      beforeTarget: ServedVersion | undefined;
      verifies: boolean;
      reason: string;
      actor: string;
    };

/** What to do: change the pointer with one ledger entry, plan again, or nothing. */
export type ReleaseDecision =
  | {
      kind: "write";
      entry: { kind: LedgerKind; version: string; suite: string | undefined; run: string | undefined };
      actor: string;
      reason: string;
      next: Pick<ReleasePointer, "state" | "stable" | "previous">;
    }
  | { kind: "replan"; reason: string }
  | { kind: "refuse"; reason: string };

/**
 * The release machine for `rollout: immediate`: pure, so that the caller can take it again after a lost race. The
 * canary's states join it here.
 */
export function decideRelease(pointer: ReleasePointer | undefined, request: ReleaseRequest): ReleaseDecision {
  return request.kind === "verdict" ? onVerdict(pointer, request) : onRollback(pointer, request);
}

function onVerdict(
  pointer: ReleasePointer | undefined,
  { verdict, superseded, verifies, now }: Extract<ReleaseRequest, { kind: "verdict" }>,
): ReleaseDecision {
  const { version, suite, run } = verdict;
  const stable = pointer?.stable;
  const unchanged = { state: pointer?.state ?? "idle", stable, previous: pointer?.previous } as const;
  const write = (
    kind: LedgerKind,
    reason: string,
    next: Pick<ReleasePointer, "state" | "stable" | "previous"> = unchanged,
  ): ReleaseDecision => ({
    kind: "write",
    entry: { kind, version, suite, run },
    actor: "system",
    reason,
    next,
  });
  const reason = verdict.reasons.join(" ");

  if (verdict.purpose === "recertification") {
    if (stable?.version !== version)
      return write("superseded", "Production changed while it was re-certified.");
    if (verdict.outcome !== "pass") return write("recertification_failed", reason);
    const certified = { ...unchanged, stable: { ...stable, suite, run } };
    return write("recertified", reason, certified);
  }
  if (superseded) return write("superseded", "A newer change arrived before this one was decided.");
  if (verdict.outcome !== "pass") return write("rejected", reason);
  if (stable?.version !== verdict.baseline) {
    return { kind: "replan", reason: "Production changed since the run was planned: it is compared again." };
  }
  if (!verifies) {
    return write("rejected", "The version's files are missing or do not match their hashes; push it again.");
  }
  const served: ServedVersion = { version, suite, run, since: now };
  return write("promoted", reason, { state: "idle", stable: served, previous: stable });
}

function onRollback(
  pointer: ReleasePointer | undefined,
  { target, beforeTarget, verifies, reason, actor }: Extract<ReleaseRequest, { kind: "rollback" }>,
): ReleaseDecision {
  if (!pointer?.stable)
    return { kind: "refuse", reason: "Nothing serves yet, so there is nothing to roll back." };
  if (!target) {
    return {
      kind: "refuse",
      reason: "There is no earlier version to go back to: this is the first release.",
    };
  }
  if (!verifies) {
    return {
      kind: "refuse",
      reason: `The earlier version ${target.version} has missing or altered files; push its files again instead.`,
    };
  }
  return {
    kind: "write",
    entry: { kind: "rolled_back", version: target.version, suite: target.suite, run: target.run },
    actor,
    reason,
    next: { state: "idle", stable: target, previous: beforeTarget },
  };
}
