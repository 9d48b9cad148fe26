import { isInteractive } from "../model/is-interactive.ts";
import { ModelError } from "../errors.ts";
import type { CallContext } from "../ports/chat-model.ts";
import type { Clock } from "../ports/clock.ts";
import { onAbort } from "../on-abort.ts";
import { createRatePacer, type RatePacer } from "./rate-pacer.ts";
import { createWaitingLine, type WaitingLine } from "../waiting-line.ts";

/** What the limiter goes by. */
export type CallPriority = Pick<CallContext, "purpose" | "interactive" | "order" | "signal">;

/** A call's place among those under way. Exactly one of its functions ends it; those after the first do nothing. */
export interface Place {
  /** When its caller came; to come back with, so that a call that is repeated need not queue anew. */
  readonly arrival: number;
  /** The call ended, well or badly, for no reason of the deployment's load. */
  release(): void;
  /** The service refused it for its rate. `retryAfterMs`: what the service asks for, and all calls then keep to. */
  throttled(error: ModelError, retryAfterMs: number | undefined): void;
  /** The quota is used up: all that wait fail with this error, and so does who comes in the next while. */
  exhausted(error: ModelError): void;
}

/** Bounds the calls under way to each deployment, and how fast they start. */
export interface CallLimiter {
  /**
   * Waits for a place, for `patienceMs` at most where it is a person who waits. Rejects with the signal's reason when
   * aborted, with `ModelError` (quota, throttled) where waiting is of no use.
   */
  acquire(
    deployment: string,
    priority: CallPriority,
    options?: { arrival?: number | undefined; patienceMs?: number },
  ): Promise<Place>;
}

/** Calls a second to a deployment of which nothing is known: enough for any concurrency at 25 ms a call. */
const ceilingOf = (concurrency: number): number => Math.max(1000, concurrency * 40);
/** How long a deployment that has no quota left is left alone; then one call tries. */
const QUOTA_REST_MS = 30_000;
/** A pause that no call of an evaluation waits for. */
const LONGEST_PAUSE_MS = 180_000;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 20_000;

/** Given as the reason, since making one for every abort costs more than the abort. */
const NOBODY_WAITS = new Error("Nobody waits any more.");

interface Deployment {
  underWay: number;
  /** Halved when the service refuses without saying for how long; a call that is let through adds its share of 1. */
  limit: number;
  pacer: RatePacer;
  line: WaitingLine<Waiter>;
  /** Refusals without a time, since one was let through. */
  strikes: number;
  struckAt: number;
  closed: { error: ModelError; at: number } | undefined;
  nap: AbortController | undefined;
}

interface Waiter {
  arrival: number;
  admit(place: Place): void;
  refuse(error: ModelError): void;
}

/**
 * At most `concurrency` calls at once per deployment and process, people who chat first, then by `order`. A service
 * that refuses calls and says for how long has a limit of rate: nobody calls before that, and then evenly at the rate
 * it was seen to accept (`createRatePacer`). One that does not say is given half as many at once, after a growing
 * pause, and one more again for each round that goes well.
 */
export function createCallLimiter(concurrency: number, clock: Clock): CallLimiter {
  const deployments = new Map<string, Deployment>();
  let arrivals = 0;

  function open(name: string): Deployment {
    const deployment: Deployment = {
      underWay: 0,
      limit: concurrency,
      pacer: createRatePacer(ceilingOf(concurrency)),
      line: createWaitingLine(),
      strikes: 0,
      struckAt: Number.NEGATIVE_INFINITY,
      closed: undefined,
      nap: undefined,
    };
    deployments.set(name, deployment);
    return deployment;
  }

  /** Milliseconds until the next call may start; undefined while all places are taken. */
  function startsIn(deployment: Deployment, now: number): number | undefined {
    if (deployment.underWay >= Math.floor(deployment.limit)) return undefined;
    return deployment.pacer.nextStart(now) - now;
  }

  function admitAll(deployment: Deployment): void {
    while (deployment.line.length > 0) {
      const now = clock.elapsed();
      const wait = startsIn(deployment, now);
      if (wait === undefined) return;
      if (wait > 0) {
        nap(deployment, wait);
        return;
      }
      const waiter = deployment.line.next();
      waiter?.admit(start(deployment, now, waiter.arrival));
    }
    deployment.nap?.abort(NOBODY_WAITS);
  }

  /** One timer a deployment, while somebody waits for it. Starts are never moved to an earlier time. */
  function nap(deployment: Deployment, ms: number): void {
    if (deployment.nap) return;
    const controller = new AbortController();
    deployment.nap = controller;
    const awake = () => {
      deployment.nap = undefined;
      admitAll(deployment);
    };
    clock.sleep(Math.ceil(ms), controller.signal).then(awake, awake);
  }

  function start(deployment: Deployment, now: number, arrival: number): Place {
    const call = deployment.pacer.started(now);
    deployment.underWay += 1;
    let ended = false;
    const end = (learn?: (now: number) => void) => {
      if (ended) return;
      ended = true;
      deployment.underWay -= 1;
      learn?.(clock.elapsed());
      admitAll(deployment);
    };
    return {
      arrival,
      release: () =>
        end(() => {
          if (deployment.closed) {
            // What was under way when the quota ended shows nothing; who tried alone afterwards got through.
            if (call.at <= deployment.closed.at) return;
            deployment.closed = undefined;
            deployment.limit = concurrency;
          }
          deployment.strikes = 0;
          deployment.limit = Math.min(concurrency, deployment.limit + 1 / deployment.limit);
        }),
      throttled: (error, retryAfterMs) =>
        end((now) => {
          if (retryAfterMs === undefined) strike(deployment, call.at, now);
          else if (retryAfterMs > LONGEST_PAUSE_MS) close(deployment, error, now);
          else deployment.pacer.refused(call, now, retryAfterMs);
        }),
      exhausted: (error) => end((now) => close(deployment, error, now)),
    };
  }

  /** Halves once for all that were under way when the service began to refuse. */
  function strike(deployment: Deployment, startedAt: number, now: number): void {
    if (startedAt <= deployment.struckAt) return;
    deployment.struckAt = now;
    deployment.limit = Math.max(1, deployment.limit / 2);
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** deployment.strikes, MAX_PAUSE_MS);
    deployment.strikes += 1;
    deployment.pacer.pause(now, longest * (0.5 + Math.random() / 2));
  }

  function close(deployment: Deployment, error: ModelError, now: number): void {
    deployment.closed = { error, at: now };
    for (let waiter = deployment.line.next(); waiter; waiter = deployment.line.next()) waiter.refuse(error);
    // The first that comes after the rest tries alone.
    deployment.limit = 1;
  }

  return {
    async acquire(name, priority, { arrival = (arrivals += 1), patienceMs = Infinity } = {}) {
      const { signal, order = 0 } = priority;
      signal?.throwIfAborted();
      const deployment = deployments.get(name) ?? open(name);
      const now = clock.elapsed();
      const { closed } = deployment;
      if (closed && now < closed.at + QUOTA_REST_MS) throw closed.error;
      const wait = startsIn(deployment, now);
      if (wait !== undefined && wait <= 0 && deployment.line.length === 0) {
        return start(deployment, now, arrival);
      }
      const person = isInteractive(priority);
      if (person && (wait ?? 0) > patienceMs) throw tooLong(wait);
      return new Promise((resolve, reject) => {
        const impatience = person && patienceMs < Infinity ? new AbortController() : undefined;
        const settle = () => {
          stopListening?.();
          impatience?.abort(NOBODY_WAITS);
        };
        const leave = deployment.line.join(
          { person, order, arrival },
          {
            arrival,
            admit(place) {
              settle();
              resolve(place);
            },
            refuse(error) {
              settle();
              reject(error);
            },
          },
        );
        const goAway = (reason: Error) => {
          leave();
          settle();
          if (deployment.line.length === 0) deployment.nap?.abort(NOBODY_WAITS);
          reject(reason);
        };
        const stopListening = signal && onAbort(signal, () => goAway(signal.reason as Error));
        if (impatience) {
          clock.sleep(patienceMs, impatience.signal).then(
            () => goAway(tooLong()),
            () => undefined,
          );
        }
        admitAll(deployment);
      });
    },
  };
}

function tooLong(retryAfterMs?: number): ModelError {
  return new ModelError("The model's deployment is throttled for longer than a person waits.", {
    kind: "throttled",
    retryAfterMs,
  });
}
