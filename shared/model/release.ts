import type { Rollout } from "./flow.ts";
import type { Commit } from "./version.ts";

/** A version that serves, with the run that let it. */
export interface ServedVersion {
  version: string;
  suite: string;
  run: string;
  /** ISO 8601. */
  since: string;
}

/**
 * `registry/<flow>/release.json`: the release pointer, which version serves which share of a flow's sessions. Every
 * write is If-Match, raises `generation` by one and carries the ledger entry of that generation, so that an entry lost
 * with its writer is written by the next one.
 */
export interface ReleasePointer {
  flow: string;
  generation: number;
  state: ReleaseState;
  stable: ServedVersion | undefined;
  previous: ServedVersion | undefined;
  /** The share of sessions that a candidate answers; undefined: stable answers all. */
  canary?: CanaryShare | undefined;
  /** What is under way; undefined in `idle`. */
  rollout?: ActiveRollout | undefined;
  /** Why the flow answers nobody: a person switched it off. What is under way goes on as far as it can. */
  stopped?: { by: string; at: string; reason: string } | undefined;
  /** The one candidate that waits for its turn. */
  pending?: Candidate | undefined;
  entry: LedgerEntry;
}

/**
 * Where a release stands. The page's Gating is a run without a verdict, which `current-run.json` holds; Rejected,
 * RolledBack and Succeeded are `idle` after an entry of that kind.
 */
export type ReleaseState =
  | "idle"
  | "awaiting_approval"
  | "canary"
  | "paused"
  | "promoting"
  | "soaking"
  | "aborting"
  | "blocked";

/** A version that was evaluated, and the run that did. */
export interface Candidate {
  version: string;
  suite: string;
  run: string;
  commit?: Commit | undefined;
}

export interface CanaryShare {
  version: string;
  /** Above 0 and below 1; 0 while it answers unseen. */
  weight: number;
  /** Makes this rollout's assignment of sessions its own. */
  seed: string;
  rolloutId: string;
  /** From 1; 0 while it answers unseen. */
  step: number;
  /** When the step began, or went on after a pause; ISO 8601, by the storage service's clock. */
  since: string;
}

export interface ActiveRollout {
  id: string;
  candidate: Candidate;
  /** What the candidate was compared with. */
  baseline: string | undefined;
  plan: Rollout;
  startedAt: string;
  /** When the state began; ISO 8601, by the storage service's clock. */
  since: string;
  /** In `paused`. */
  paused?: PauseReason | undefined;
  /** The last step whose end a person approved; 0: none. */
  approvedStep: number;
  /** In `aborting`, and in `blocked` after it: what to go back to. */
  target?: ServedVersion | undefined;
}

export type PauseReason =
  | "approval"
  | "no_traffic"
  | "stale_evidence"
  | "broken_split"
  | "time_limit"
  | "person";

/** One decision, in order. `hash` is SHA-256 over the canonical entry without `hash`; `previousHash` chains it. */
export interface LedgerEntry {
  sequence: number;
  previousHash: string;
  at: string;
  flow: string;
  kind: LedgerKind;
  version: string;
  suite: string | undefined;
  run: string | undefined;
  /** The version that served before this entry; of an abandoned canary, the canary. */
  from: string | undefined;
  /** `system` or the person who asked. */
  actor: string;
  reason: string;
  commit: Commit | undefined;
  /** The rollout it belongs to, and the canary's share after it. */
  rollout?: string | undefined;
  weight?: number | undefined;
  /** The candidate that waited and never will be decided on, because a newer one waits in its place. */
  supersedes?: { version: string; run: string } | undefined;
  /** The idempotency key of the command that asked for it. */
  key?: string | undefined;
  hash: string;
}

export type LedgerKind =
  | "promoted"
  | "rejected"
  | "recertified"
  | "recertification_failed"
  | "recertification_undecided"
  | "rolled_back"
  | "superseded"
  | "approval_required"
  | "canary_started"
  | "canary_advanced"
  | "paused"
  | "resumed"
  | "promoting"
  | "succeeded"
  | "aborting"
  | "blocked"
  | "unblocked"
  | "queued"
  | "stopped"
  | "served_again";
