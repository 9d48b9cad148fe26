import type { ReleasePointer } from "../../shared/model/release.ts";
import type { DefectClass } from "../../shared/model/traffic.ts";

/** What the traffic of a rollout shows, from sessions older than a watermark. */
export interface Evidence {
  rolloutId: string;
  /** The step that the counts of sessions are of; one after the last while soaking. */
  step: number;
  canarySessions: number;
  stableSessions: number;
  /** When a rollup of this step was last written; ISO 8601. Undefined: never. */
  newestAt: string | undefined;
  /** The canary, or the version that soaks, fails more sessions than it may. */
  signal: { defect: DefectClass; canary: number; stable: number } | undefined;
  /** Sessions do not divide as the weight says. */
  brokenSplit: boolean;
  /** While the candidate answers unseen. */
  shadow?: ShadowEvidence | undefined;
}

/** What turns that both versions answered were found to be worth. */
export interface ShadowEvidence {
  turns: number;
  /** The candidate's share of wins, a tie being half a win; NaN without turns. */
  mean: number;
  /** Logarithms of the evidence that this is above, and that it is below what the rollout asks for. */
  noWorse: number;
  worse: number;
}

/** Reads what is known of a rollout's traffic. `now`: ISO 8601, by the storage service's clock. */
export type ReadEvidence = (pointer: ReleasePointer, now: string) => Promise<Evidence | undefined>;
