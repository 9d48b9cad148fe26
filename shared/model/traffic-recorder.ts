import type { AnsweredBy, DefectClass } from "./traffic.ts";

/** Counts what was served, in memory; what it counted is written in the background. */
export interface TrafficRecorder {
  /**
   * One turn, or one thing that was wrong with a session later (`requests` 0; the session may be known by its hash
   * only). Never throws, never waits.
   */
  record(turn: {
    serving: AnsweredBy;
    session: string | { hash: string };
    defects: DefectClass[];
    requests?: 0 | 1;
  }): void;
  /** Writes what is waiting. What cannot be written is kept for the next time. */
  flush(): Promise<void>;
  /** Writes for the last time. */
  close(): Promise<void>;
}
