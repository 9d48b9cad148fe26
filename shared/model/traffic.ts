/** What can be wrong with a session; each class is tested by itself. `abandoned`: the client left before the answer was whole. */
export const DEFECT_CLASSES = [
  "error",
  "latency",
  "abandoned",
  "guardrail",
  "thumbs_down",
  "online_score",
] as const;
export type DefectClass = (typeof DEFECT_CLASSES)[number];

export const ARMS = ["stable", "canary"] as const;
export type Arm = (typeof ARMS)[number];

/**
 * A line of `traffic/<flow>/rollups/<hour>/<minute>-<instance>.jsonl`: what one process served of one step of a rollout
 * (or of none) since its last line. Sessions stand for themselves as hashes, so that they are counted once across
 * minutes and processes.
 */
export interface TrafficRollup {
  /** When it was written; ISO 8601. */
  at: string;
  rollout: string | undefined;
  /** From 1; one after the last while soaking. Undefined outside a rollout. */
  step: number | undefined;
  /** The canary's share of the sessions, as this process assigned them; 1 while soaking. */
  weight: number | undefined;
  arms: Partial<Record<Arm, ArmTraffic>>;
}

/** Numbers by name, in a form that adds up. */
export type Counts = Record<string, number>;

/** What the turns of an arm were like: sums only, so that those of processes and minutes add up. */
export interface TrafficMeasures {
  /** Turns by how they ended: `answered`, `blocked` by a guardrail, or the code of what failed. */
  outcomes: Counts;
  /** Blocked turns by guardrail. */
  guardrails: Counts;
  /** How long answered turns took, and until the first token of streamed ones; by bucket of `duration-counts`. */
  duration: Counts;
  firstToken: Counts;
  inputTokens: number;
  outputTokens: number;
  /** US dollars, of the turns whose price is known. */
  cost: number;
  /** Turns whose price is not. */
  unpriced: number;
  /** What users said of turns. */
  feedback: { up: number; down: number };
}

export interface ArmTraffic {
  version: string;
  requests: number;
  /** The share of session hashes that is listed: 1, or less at high traffic. */
  share: number;
  /** Hashes of sessions, 16 hex digits. */
  sessions: string[];
  /** Hashes of sessions that had a defect, by class. */
  defects: Partial<Record<DefectClass, string[]>>;
  /** Undefined in lines of earlier releases. */
  measures?: TrafficMeasures | undefined;
}

/** Which version answered a turn, and for which share of a rollout's sessions; undefined where none was under way. */
export interface AnsweredBy {
  flow: string;
  version: string;
  share?: AnsweredShare | undefined;
}

export interface AnsweredShare {
  arm: Arm;
  rollout: string;
  /** From 1; one after the last while the new version soaks. */
  step: number;
  /** The canary's. */
  weight: number;
}
