import { ModelError } from "../errors.ts";
import type { CallContext } from "../ports/chat-model.ts";
import type { Clock } from "../ports/clock.ts";

/** How long a caller would rather wait than fail. A person who chats waits less than a row of an evaluation. */
const PATIENCE: Record<"chat" | "others", { attempts: number; ms: number }> = {
  chat: { attempts: 3, ms: 15_000 },
  others: { attempts: 8, ms: 180_000 },
};
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 20_000;

/**
 * Calls a model, and again where the failure may pass (throttled, unavailable, timeout): after what the service asks
 * for (`retry-after-ms`, `retry-after`), else after a jittered, doubling wait. Stops when the next wait would exceed
 * the patience of the call's purpose, and throws the last failure. `call` throws `ModelError`.
 */
export async function retryModelCall<T>(
  call: (attempt: number) => Promise<T>,
  context: Pick<CallContext, "purpose" | "interactive" | "signal">,
  clock: Clock,
): Promise<T> {
  const patience = context.purpose === "chat" || context.interactive ? PATIENCE.chat : PATIENCE.others;
  const startedAt = clock.elapsed();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(attempt);
    } catch (error) {
      if (!(error instanceof ModelError && error.retryable)) throw error;
      const wait = waitOf(error, attempt, clock);
      const spent = clock.elapsed() - startedAt;
      if (attempt === patience.attempts || spent + wait > patience.ms) throw error;
      await clock.sleep(wait, context.signal);
    }
  }
}

function waitOf(error: ModelError, attempt: number, clock: Clock): number {
  const asked = askedWait(error.cause, clock);
  // A tenth more at random, so that all who were turned away together do not come back together.
  if (asked !== undefined) return asked * (1 + Math.random() / 10);
  return Math.random() * Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), MAX_DELAY_MS);
}

/** Milliseconds, from the headers of the client library's error. */
function askedWait(cause: unknown, clock: Clock): number | undefined {
  const headers = (cause as { headers?: { get(name: string): string | null } } | undefined)?.headers;
  const milliseconds = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  if (milliseconds >= 0) return milliseconds;
  const after = headers?.get("retry-after") ?? "";
  const seconds = Number.parseFloat(after);
  if (seconds >= 0) return seconds * 1000;
  const date = Date.parse(after) - clock.now().getTime();
  return Number.isNaN(date) ? undefined : Math.max(0, date);
}
