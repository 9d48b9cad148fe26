import type { Caller } from "./access.ts";
import type { Changes } from "./changes.ts";
import type { IntakeState, SupersededChange } from "./intake.ts";
import type { LedgerEntry, ReleasePointer } from "./release.ts";
import type { ReportView } from "./report-view.ts";
import type { EvaluatedDifference } from "./row-differences.ts";
import type { Report, RowResult, RunPlan, Verdict } from "./run.ts";
import type { DefectClass } from "./traffic.ts";
import type { VersionManifest } from "./version.ts";

/** What the management API answers; the command and the studio read these. */

/** `GET /api/me`: who calls, and what they may do. */
export interface Me extends Caller {
  /** False on a laptop where nobody signs in: decisions are then ascribed to whom the caller says they are. */
  signedIn: boolean;
}

/** `GET /api/flows/{flow}`. */
export interface FlowStatus {
  flow: string;
  /** What serves; undefined before the first release. */
  release: ReleasePointer | undefined;
  /** The latest change and what became of it; undefined where none was read yet. */
  change: IntakeState | undefined;
  /** The run of the latest change; undefined where it was refused, or has none yet. */
  run: RunStatus | undefined;
  /** Where that is undefined: the run of an earlier change, while it goes on. */
  earlierRun?: RunStatus | undefined;
}

/** `GET /api/flows/{flow}/proposals`: what pull requests propose, the newest first. */
export interface FlowProposals {
  flow: string;
  proposals: ProposalStatus[];
}

export interface ProposalStatus extends FlowStatus {
  /** Its name: `pr-12`. */
  proposal: string;
}

export interface RunStatus {
  plan: RunPlan;
  shardsDone: number;
  /** Until it is decided: the names of the shards that are in, in no order. */
  shardsIn?: string[];
  /** Until it is decided: the rows whose answers and scores are in, as of about a second ago. */
  rowsDone?: number;
  state: "running" | "completed" | "superseded" | "error";
  /** Present once decided. */
  verdict: Verdict | undefined;
}

/** `GET /api/flows`. */
export interface FlowList {
  flows: FlowStatus[];
}

/** `GET /api/flows/{flow}/runs/{run}`; the report once it is there, and once decided as people read it. */
export interface RunDetail extends RunStatus {
  report: Report | undefined;
  view?: ReportView | undefined;
}

/**
 * `GET /api/flows/{flow}/versions/{version}`; a file of it is at `.../file?path=`. A suite's manifest and files are at
 * `.../suites/{suite}` alike.
 */
export interface VersionDetail {
  manifest: VersionManifest;
  /** Newest first: that of the latest change, and those in the ledger. */
  runs: VersionRun[];
}

export interface VersionRun {
  run: string;
  suite: string;
}

/** `GET /api/flows/{flow}/comparison?before=&after=`: how two versions of a flow differ. */
export interface VersionComparison {
  flow: string;
  before: VersionDetail;
  after: VersionDetail;
  /** Prompts, knowledge, model, parameters, steps. */
  version: Changes;
  /** What they were last judged by: datasets, evaluators, gate; undefined where one never was. */
  suite: Changes | undefined;
  /** On the rows that both have answered; undefined where no suite judged both. */
  evaluated: EvaluatedDifference | undefined;
}

/** `GET /api/flows/{flow}/runs/{run}/rows?shard=&offset=&top=&context=true`: rows of one shard. */
export interface RunRows {
  /** Undefined for a run without rows. */
  shard: string | undefined;
  rows: RowResult[];
  /** Where the next page begins; undefined after the last. */
  next: { shard: string; offset: number } | undefined;
}

/** `GET /api/flows/{flow}/release`: the release, and what the traffic of a rollout under way shows so far. */
export interface ReleaseProgress {
  flow: string;
  release: ReleasePointer | undefined;
  rollout: RolloutProgress | undefined;
}

/** Counts of whole sessions, from lines that are old enough to be complete. */
export interface RolloutProgress {
  rolloutId: string;
  /** One after the last while soaking; 0 while the candidate answers unseen. */
  step: number;
  /** Of this step. */
  sessions: { canary: number; stable: number };
  /** When anything was last heard of this step's traffic; ISO 8601. */
  newestAt: string | undefined;
  /** While the candidate answers unseen: the turns that both answered and were compared, and its share of wins. */
  shadow?: { turns: number; wins: number | null } | undefined;
  /** Evidence, a factor, at which the candidate is taken back. */
  boundary: number;
  /** By what may be wrong with a session; those that nothing was wrong with are left out. */
  defects: DefectProgress[];
  /** How sessions divided over the whole rollout; cumulative. */
  arrivals: { at: string; canary: number; stable: number }[];
}

export interface DefectProgress {
  defect: DefectClass;
  canary: number;
  stable: number;
  /** How much better the data fit that the candidate fails more than it may, than that it does not: 1 says nothing. */
  evidence: number;
  /** The same as it grew; at most some 200 points. */
  points: { at: string; evidence: number }[];
}

/** `GET /api/flows/{flow}/history`, newest first. */
export interface FlowHistory {
  flow: string;
  entries: LedgerEntry[];
  refusals: IntakeState[];
  /** Changes that a newer one overtook; those that the ledger has an entry about are left out. */
  superseded: SupersededChange[];
  /** The run of the newest change that has one, while no entry is about it: also where a later change was refused. */
  underWay: RunStatus | undefined;
  /** Whether every entry's hash and its link to the one before hold. */
  chainIntact: boolean;
}

export const RELEASE_VERBS = [
  "approve",
  "pause",
  "resume",
  "abort",
  "rollback",
  "promote",
  "stop",
  "serve",
] as const;
export type ReleaseVerb = (typeof RELEASE_VERBS)[number];

/**
 * `POST /api/flows/{flow}/{verb}`. `generation`: the one the caller saw; a stale one is answered 409 with the current
 * state. `abort` needs only the rollout; `pause` and `resume` the generation, or the rollout with its step. The same `key` again is the same request.
 */
export interface ReleaseRequest {
  generation?: number | undefined;
  rolloutId?: string | undefined;
  step?: number | undefined;
  /** `promote`: which version; default: that of the rollout, or of the latest change. */
  version?: string | undefined;
  reason: string;
  actor: string;
  key?: string | undefined;
}

/** Every refusal of the management API: `status` 400, 404, 409 or 500. */
export interface ErrorBody {
  error: { code: string; message: string };
  /** With 409: the release as it is now. */
  release?: ReleasePointer | undefined;
}

/** `POST /api/feedback`. */
export interface FeedbackTaken {
  turn: string;
  rating: "up" | "down";
}

/** `PUT /api/flows/{flow}/review/{turn}`. */
export interface ProposedTurn {
  flow: string;
  turn: string;
}

/** A refusal of a chat endpoint, in OpenAI's shape; the AI Chat Protocol's has `code` and `message` of it. */
export interface ChatErrorBody {
  error: { message: string; code: string; type?: string; param?: string | null };
}

/** `GET /api/health`. */
export interface Health {
  status: "ok" | "degraded";
  version: string;
  storage: "ok" | "unreachable";
  /** Since when storage cannot be reached; ISO 8601. */
  since?: string | undefined;
  /** How many flows go on with the version before, because the one that is to serve cannot be loaded. */
  notReady?: number | undefined;
}

/** `GET /health/ready`; `flows`: how many can be chatted with. */
export interface Readiness extends Omit<Health, "status"> {
  status: Health["status"] | "unavailable";
  flows: number;
}

/** `GET /health/live`. */
export interface Liveness {
  status: "ok";
  version: string;
}
