import type { Approval, Rollout } from "../../shared/model/flow.ts";
import type {
  Candidate,
  LedgerEntry,
  LedgerKind,
  ReleasePointer,
  ServedVersion,
} from "../../shared/model/release.ts";
import type { ReleaseVerb } from "../../shared/model/status.ts";
import type { Verdict } from "../../shared/model/run.ts";
import type { Commit } from "../../shared/model/version.ts";
import type { Evidence } from "./evidence.ts";

/** What the release stage is asked to act on, with every fact the decision needs. */
export type ReleaseEvent = VerdictEvent | CommandEvent | TickEvent;

export interface VerdictEvent {
  kind: "verdict";
  verdict: Verdict;
  rollout: Rollout;
  commit: Commit | undefined;
  /** A newer change was planned since. */
  superseded: boolean;
  /** Whether the candidate's files are there and match their hashes, and whether those of stable do. */
  verifies: boolean;
  stableVerifies: boolean;
  /** How the same version failed before on the same suite; undefined: it did not. */
  failedBefore: string | undefined;
  /** How often a run that ended in an error may still be run again. */
  retriesLeft: number;
}

/** A person asks. */
export interface CommandEvent {
  kind: "command";
  verb: ReleaseVerb;
  actor: string;
  reason: string;
  /** The rollout, and the step of its canary, that the person looked at; undefined: whichever there is. */
  rolloutId: string | undefined;
  step: number | undefined;
  /** `promote`: the version that is meant; undefined: the candidate that there is. */
  version: string | undefined;
  verifies: boolean;
  stableVerifies: boolean;
  /** `promote` in `idle`: what to promote although nothing is under way. */
  forced: Candidate | undefined;
  /** `rollback`: the version before stable, the one before that, and whether the first verifies. */
  target: ServedVersion | undefined;
  beforeTarget: ServedVersion | undefined;
  targetVerifies: boolean;
}

/** Time has passed. */
export interface TickEvent {
  kind: "tick";
  /** What the traffic of this rollout shows; undefined where nothing could be read. */
  evidence: Evidence | undefined;
  verifies: boolean;
  stableVerifies: boolean;
  /** In `aborting`: whether the rollout's target verifies, and else the newest version of the ledger that does. */
  targetVerifies: boolean;
  fallback: ServedVersion | undefined;
  /** What served before the target, or before what takes its place. */
  beforeTarget: ServedVersion | undefined;
  /** What serves, where it was pushed again since the candidate was: the change is wanted no more. */
  pushedAgain: Candidate | undefined;
}

/** The part of the pointer that a decision makes anew. */
export type NextRelease = Pick<
  ReleasePointer,
  "state" | "stable" | "previous" | "canary" | "rollout" | "pending"
>;

export interface WriteDecision {
  kind: "write";
  entry: {
    kind: LedgerKind;
    version: string;
    suite: string | undefined;
    run: string | undefined;
    from?: string | undefined;
    rollout?: string | undefined;
    weight?: number | undefined;
    supersedes?: LedgerEntry["supersedes"];
  };
  actor: string;
  reason: string;
  commit?: Commit | undefined;
  next: NextRelease;
  /** Whether the flow answers nobody from now on; undefined: as before. */
  stopped?: boolean | undefined;
}

/** What to do: change the pointer with one ledger entry; have the run planned again; or nothing. */
export type ReleaseDecision =
  | WriteDecision
  | { kind: "replan"; reason: string; afterwards?: WriteDecision | undefined }
  | { kind: "retry"; reason: string }
  /** A candidate that waited is to be decided on now. */
  | { kind: "start"; run: string }
  | { kind: "hold"; reason: string }
  | { kind: "refuse"; reason: string };

/** Whether a person is asked before the first session, and before everybody. */
export function asksFirst(approval: Approval): boolean {
  return approval === "first" || approval === "each";
}

/** Whether a person is asked at the end of a step. */
export function asksAfter(approval: Approval, isLast: boolean): boolean {
  return approval === "each" || (approval === "last" && isLast);
}
