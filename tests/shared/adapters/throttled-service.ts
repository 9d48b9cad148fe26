import { ModelError } from "../../../shared/errors.ts";
import type { Clock } from "../../../shared/ports/clock.ts";

/** How services limit the rate of calls. Each answers how long to wait, in ms, or 0 where the call is let through. */
export type RateLimit = (now: number) => number;

/** At most `calls` in each window of `ms`, the windows beginning at multiples of it plus `offset`. */
export function fixedWindow(calls: number, ms = 1000, offset = 0): RateLimit {
  let window = Number.NEGATIVE_INFINITY;
  let used = 0;
  return (now) => {
    const current = Math.floor((now - offset) / ms);
    if (current !== window) used = 0;
    window = current;
    if (used < calls) {
      used += 1;
      return 0;
    }
    return (current + 1) * ms + offset - now;
  };
}

/** At most `calls` in any `ms`. */
export function slidingWindow(calls: number, ms = 1000): RateLimit {
  const times: number[] = [];
  return (now) => {
    while (times[0] !== undefined && times[0] <= now - ms) times.shift();
    if (times.length < calls) {
      times.push(now);
      return 0;
    }
    return (times[0] ?? now) + ms - now;
  };
}

/** `burst` at once, refilled by `rate` a second. */
export function tokenBucket(rate: number, burst: number): RateLimit {
  let tokens = burst;
  let at = 0;
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - at) * rate) / 1000);
    at = now;
    if (tokens >= 1) {
      tokens -= 1;
      return 0;
    }
    return ((1 - tokens) * 1000) / rate;
  };
}

export interface ThrottledService {
  call(): Promise<void>;
  answered: number;
  refused: number;
  mostAtOnce: number;
}

/** A service that takes `latencyMs` for an answer and 2 ms to refuse; `says`: whether it says for how long. */
export function createThrottledService(
  clock: Clock,
  limit: RateLimit,
  { latencyMs = 50, says = true }: { latencyMs?: number; says?: boolean } = {},
): ThrottledService {
  let underWay = 0;
  const service: ThrottledService = {
    answered: 0,
    refused: 0,
    mostAtOnce: 0,
    async call() {
      underWay += 1;
      service.mostAtOnce = Math.max(service.mostAtOnce, underWay);
      const wait = limit(clock.elapsed());
      await clock.sleep(wait > 0 ? 2 : latencyMs);
      underWay -= 1;
      if (wait <= 0) {
        service.answered += 1;
        return;
      }
      service.refused += 1;
      const headers = new Headers(says ? { "retry-after-ms": String(Math.ceil(wait)) } : {});
      throw new ModelError("slow down", { kind: "throttled", status: 429, cause: { headers } });
    },
  };
  return service;
}
