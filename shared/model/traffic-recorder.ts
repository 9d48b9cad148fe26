import type { TokenUsage } from "../ports/chat-model.ts";
import type { AnsweredBy, DefectClass } from "./traffic.ts";

/** What one turn was like. */
export interface MeasuredTurn {
  /** `answered`, `blocked`, or the code of what failed. */
  outcome: string;
  durationMs: number;
  /** Undefined where nothing was streamed. */
  firstTokenMs: number | undefined;
  usage: TokenUsage | undefined;
  /** US dollars; undefined where no price is known. */
  cost: number | undefined;
  /** The guardrail that blocked it. */
  guardrail: string | undefined;
}

/** Counts what was served, in memory; what it counted is written in the background. */
export interface TrafficRecorder {
  /**
   * One turn, or what became known of a session later (`requests` 0; the session may be known by its hash only): a
   * defect, or what a user said. Never throws, never waits.
   */
  record(turn: {
    serving: AnsweredBy;
    session: string | { hash: string };
    defects: DefectClass[];
    requests?: 0 | 1;
    measured?: MeasuredTurn | undefined;
    /** What is to be added to the counts of what users said; -1 where one thought better of it. */
    ratings?: { up: number; down: number } | undefined;
  }): void;
  /** Writes what is waiting. What cannot be written is kept for the next time. */
  flush(): Promise<void>;
  /** Writes for the last time. */
  close(): Promise<void>;
}
