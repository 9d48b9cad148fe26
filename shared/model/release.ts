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
 * `registry/<flow>/release.json`: the release pointer, which version serves a flow. Every write is If-Match, raises
 * `generation` by one and carries the ledger entry of that generation, so that an entry lost with its writer is
 * written by the next one.
 */
export interface ReleasePointer {
  flow: string;
  generation: number;
  state: ReleaseState;
  stable: ServedVersion | undefined;
  previous: ServedVersion | undefined;
  entry: LedgerEntry;
}

/** The states of the immediate rollout; the canary's states join them. */
export type ReleaseState = "idle" | "blocked";

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
  /** The version that served before this entry. */
  from: string | undefined;
  /** `system` or the person who asked. */
  actor: string;
  reason: string;
  commit: Commit | undefined;
  hash: string;
}

export type LedgerKind =
  | "promoted"
  | "rejected"
  | "recertified"
  | "recertification_failed"
  | "rolled_back"
  | "superseded";
