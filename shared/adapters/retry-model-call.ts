import { ModelError } from "../errors.ts";
import type { CallContext } from "../ports/chat-model.ts";
import type { Clock } from "../ports/clock.ts";
import { isInteractive } from "../model/is-interactive.ts";
import type { CallLimiter, Place } from "./call-limiter.ts";
import { retryAfterOf } from "./retry-after.ts";

/** How long a caller would rather wait than fail. A person who chats waits less than a row of an evaluation. */
const PATIENCE: Record<"person" | "others", { attempts: number; ms: number }> = {
  person: { attempts: 3, ms: 15_000 },
  others: { attempts: 8, ms: 180_000 },
};
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 20_000;

interface Calling {
  limiter: CallLimiter;
  deployment: string;
  context: Omit<CallContext, "flow" | "version">;
  clock: Clock;
}

/**
 * Calls a model from a place at its deployment, and again where the failure may pass (throttled, unavailable,
 * timeout). Between two tries the place is free for others. A throttled call waits with all others of its deployment,
 * for as long as the limiter holds them back; one that failed otherwise waits for what the service asks for, else for
 * a jittered, doubling time. Throws the last failure when the call's patience is at its end. `call` throws
 * `ModelError`. The place of the call that succeeded is still held; `release` gives it back.
 */
export async function retryModelCall<T>(
  call: (attempt: number) => Promise<T>,
  { limiter, deployment, context, clock }: Calling,
): Promise<{ result: T; release: () => void }> {
  const patience = isInteractive(context) ? PATIENCE.person : PATIENCE.others;
  let arrival: number | undefined;
  let firstCallAt: number | undefined;
  let failures = 0;
  const waiting = { ...context, signal: waitingSignal(context) };
  for (let attempt = 1; ; attempt += 1) {
    const askedAt = clock.elapsed();
    const left = patience.ms - (askedAt - (firstCallAt ?? askedAt));
    const place = await limiter.acquire(deployment, waiting, { arrival, patienceMs: left });
    const startedAt = clock.elapsed();
    context.onWait?.(startedAt - askedAt);
    firstCallAt ??= startedAt;
    arrival = place.arrival;
    try {
      const result = await call(attempt);
      return { result, release: () => place.release() };
    } catch (error) {
      const wait = waitAfter(error, place, failures, clock);
      if (wait === undefined) throw error;
      // A refusal is no failure of the call: how often it happens says nothing of whether it would be answered.
      const throttled = (error as ModelError).kind === "throttled" && !isInteractive(context);
      failures += throttled ? 0 : 1;
      const spent = clock.elapsed() - firstCallAt;
      if (failures === patience.attempts || spent + wait.asked > patience.ms) throw error;
      if (wait.own > 0) await clock.sleep(wait.own, waiting.signal);
    }
  }
}

/** What ends a wait: the caller leaves, or nobody needs the call any more. */
function waitingSignal({
  signal,
  unneeded,
}: Pick<CallContext, "signal" | "unneeded">): AbortSignal | undefined {
  return signal && unneeded ? AbortSignal.any([signal, unneeded]) : (signal ?? unneeded);
}

/**
 * Gives the place back. `asked`: ms until the next try makes sense; `own`: the part of them that the limiter does not
 * hold the call back for. Undefined where no try makes sense.
 */
function waitAfter(
  error: unknown,
  place: Place,
  failures: number,
  clock: Clock,
): { asked: number; own: number } | undefined {
  if (!(error instanceof ModelError)) {
    place.release();
    return undefined;
  }
  const asked = retryAfterOf(error.cause, clock);
  if (error.kind === "throttled") {
    place.throttled(error, asked);
    return { asked: asked ?? 0, own: 0 };
  }
  if (error.kind === "quota") place.exhausted(error);
  else place.release();
  if (!error.retryable) return undefined;
  // A tenth more at random, so that all who were turned away together do not come back together.
  const wait =
    asked === undefined
      ? Math.random() * Math.min(FIRST_DELAY_MS * 2 ** failures, MAX_DELAY_MS)
      : asked * (1 + Math.random() / 10);
  return { asked: wait, own: wait };
}
