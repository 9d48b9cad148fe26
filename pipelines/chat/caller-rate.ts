import { ChatError } from "./chat-error.ts";
import type { Clock } from "../../shared/ports/clock.ts";

/** Bounds how many turns each caller begins. */
export interface CallerRate {
  /** Throws a `ChatError` (429) with how long to wait where the caller has used up their share. */
  admit(caller: string): void;
}

/** Callers who are remembered; who was quiet longest is forgotten, with a full share. */
const MOST_CALLERS = 10_000;

/**
 * `perMinute` turns for each caller and process, as a bucket that fills evenly and holds a minute's worth. Undefined:
 * no bound.
 */
export function createCallerRate(perMinute: number | undefined, clock: Pick<Clock, "elapsed">): CallerRate {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    admit(caller) {
      if (perMinute === undefined) return;
      const now = clock.elapsed();
      const { left, at } = buckets.get(caller) ?? { left: perMinute, at: now };
      const refilled = Math.min(perMinute, left + ((now - at) / 60_000) * perMinute);
      buckets.delete(caller);
      const admitted = refilled >= 1;
      buckets.set(caller, { left: admitted ? refilled - 1 : refilled, at: now });
      const oldest = buckets.keys().next();
      if (buckets.size > MOST_CALLERS && !oldest.done) buckets.delete(oldest.value);
      if (admitted) return;
      const seconds = Math.ceil(((1 - refilled) / perMinute) * 60);
      throw new ChatError(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        `More than ${perMinute} turns in a minute: try again in ${seconds} s.`,
        null,
        seconds,
      );
    },
  };
}
