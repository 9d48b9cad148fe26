import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, PermanentError } from "../../shared/errors.ts";

export interface RetryPolicy {
  /** At most this many tries, the first one included. */
  attempts: number;
  /** No try starts later than this after the event was raised, in milliseconds. */
  timeToLiveMs: number;
  /** How long to wait after the n-th try failed (n = 1, 2, ...), in milliseconds. */
  delayMs: (attempt: number) => number;
}

/** Azure's bounds (30 attempts, 24 hours); starts sooner than Azure, since what fails here is on the same machine. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: 30,
  timeToLiveMs: 24 * 3600 * 1000,
  delayMs: (attempt) => Math.min(500 * 2 ** (attempt - 1), 3600 * 1000) * (0.9 + Math.random() * 0.2),
};

/** How a delivery that gave up ended, in the words of Azure's dead letters. */
export interface GaveUp {
  reason: "MaxDeliveryAttemptsExceeded" | "TimeToLiveExceeded" | "UndeliverableDueToClientError";
  attempts: number;
  lastOutcome: string;
  lastAttemptTime: string;
}

/**
 * Tries until `attempt` succeeds (undefined), throws a `PermanentError`, or the policy's bounds are reached. Rejects
 * with the signal's reason when it aborts between two tries.
 */
export async function retry(
  attempt: (count: number) => Promise<void>,
  policy: RetryPolicy,
  signal: AbortSignal,
): Promise<GaveUp | undefined> {
  const deadline = Date.now() + policy.timeToLiveMs;
  for (let count = 1; ; count += 1) {
    signal.throwIfAborted();
    const lastAttemptTime = new Date().toISOString();
    try {
      await attempt(count);
      return undefined;
    } catch (error) {
      const failed = { attempts: count, lastOutcome: messageOf(error), lastAttemptTime };
      if (error instanceof PermanentError) return { reason: "UndeliverableDueToClientError", ...failed };
      if (count >= policy.attempts) return { reason: "MaxDeliveryAttemptsExceeded", ...failed };
      const delay = policy.delayMs(count);
      if (Date.now() + delay > deadline) return { reason: "TimeToLiveExceeded", ...failed };
      await sleep(delay, undefined, { signal });
    }
  }
}
