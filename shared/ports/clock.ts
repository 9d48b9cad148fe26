/** Time, so that tests can hold it still. */
export interface Clock {
  now(): Date;
  /** Milliseconds that never run backwards, for durations. */
  elapsed(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
