import type { LedgerKind } from "./release.ts";
import type { Arm, Counts } from "./traffic.ts";

/** `GET /api/flows/{flow}/traffic?hours=&to=`: what a flow served, by steps of time, stable and canary apart. */
export interface FlowTraffic {
  flow: string;
  /** ISO 8601; the end is now, or what was asked for where that is earlier. */
  from: string;
  to: string;
  /** The length of a step. */
  stepSeconds: number;
  /** Oldest first; steps in which nothing was served or said are left out. */
  points: TrafficPoint[];
  /** The whole time by version, the one that served last first. */
  versions: VersionTraffic[];
  /** Online scores, oldest first. */
  scores: ScorePoint[];
  /** What changed who serves, oldest first: the marks on the time axis. */
  releases: ReleaseMark[];
}

export interface TrafficPoint {
  /** When the step began; ISO 8601. */
  at: string;
  arms: Partial<Record<Arm, TrafficFigures>>;
}

export interface VersionTraffic {
  version: string;
  /** The last step in which it served. */
  lastAt: string;
  figures: TrafficFigures;
}

export interface TrafficFigures {
  turns: number;
  /** Of the turns: those that failed by no fault of the client. */
  failed: number;
  blocked: number;
  /** Milliseconds; undefined where no answer was timed. */
  duration: DurationFigures | undefined;
  firstToken: DurationFigures | undefined;
  inputTokens: number;
  outputTokens: number;
  /** US dollars, of the turns whose price is known. */
  cost: number;
  /** Turns whose price is not. */
  unpriced: number;
  outcomes: Counts;
  guardrails: Counts;
  feedback: { up: number; down: number };
}

export interface DurationFigures {
  p50: number;
  p95: number;
  p99: number;
}

/** What the turns of a version that were scored in a step were found to be worth. */
export interface ScorePoint {
  /** When the step began; ISO 8601. */
  at: string;
  version: string;
  metric: string;
  /** Turns that were scored. */
  turns: number;
  mean: number;
  /** Of them: those that missed the metric's threshold. */
  failed: number;
}

export interface ReleaseMark {
  at: string;
  kind: LedgerKind;
  version: string;
  /** The canary's share after it; undefined where there is none. */
  weight: number | undefined;
  actor: string;
}
