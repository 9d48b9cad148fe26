import type { Budget } from "./budget.ts";
import type { Diagnostic, Monitoring, Rollout } from "./flow.ts";
import type { Commit } from "./version.ts";

/** Where a change came from. A proposal is a pull request's copy of a flow: evaluated, never promoted. */
export type FlowSource =
  | { container: "flows"; flow: string }
  | { container: "proposals"; proposal: string; flow: string };

/**
 * `registry/<flow>/intake.json` (proposals: `registry/<flow>/proposals/<proposal>.json`): what became of the latest
 * change. `sequence` grows by one with each change, so that a late message knows it is late.
 */
export interface IntakeState {
  flow: string;
  sequence: number;
  /** SHA-256 over the names and ETags that were read: the same listing is the same change. */
  fingerprint: string;
  at: string;
  commit: Commit | undefined;
  outcome:
    | {
        kind: "accepted";
        version: string;
        suite: string;
        rollout: Rollout;
        budget?: Budget | undefined;
        monitoring?: Monitoring | undefined;
        diagnostics: Diagnostic[];
      }
    | { kind: "refused"; diagnostics: Diagnostic[] }
    | { kind: "deleted" };
}

/** `registry/<flow>/current-run.json`: the run of the newest change; an older one that is unfinished is superseded. */
export interface CurrentRun {
  sequence: number;
  run: string;
}

/** `registry/<flow>/superseded/<sequence>.json`: a change that a newer one overtook before a verdict on it was there. */
export interface SupersededChange {
  sequence: number;
  at: string;
  version: string;
  /** Undefined where the newer change came before a run of this one was planned. */
  run?: string | undefined;
  commit?: Commit | undefined;
}
