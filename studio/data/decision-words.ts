import type { LedgerKind } from "../../shared/model/release.ts";
import type { Tone } from "../parts/badge.tsx";

/** What a decision is called, and how it is marked. */
export const DECISIONS: Record<LedgerKind, [tone: Tone, words: string]> = {
  promoted: ["pass", "promoted"],
  rejected: ["fail", "rejected"],
  recertified: ["pass", "certified again"],
  recertification_failed: ["fail", "not certified again"],
  recertification_undecided: ["open", "certification undecided"],
  rolled_back: ["fail", "rolled back"],
  superseded: ["none", "superseded"],
  approval_required: ["open", "waits for approval"],
  canary_started: ["run", "canary started"],
  canary_advanced: ["run", "canary advanced"],
  paused: ["open", "paused"],
  resumed: ["run", "resumed"],
  promoting: ["run", "promoting"],
  succeeded: ["pass", "succeeded"],
  aborting: ["open", "going back"],
  blocked: ["fail", "blocked"],
  unblocked: ["run", "unblocked"],
  queued: ["none", "queued"],
  stopped: ["fail", "stopped"],
  served_again: ["pass", "serving again"],
};
