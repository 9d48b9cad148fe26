import type { Clock } from "../../shared/ports/clock.ts";

export interface StillClock extends Clock {
  advance(ms: number): void;
}

/** A clock that stands still until a test moves it. */
export function createStillClock(start = "2026-01-01T00:00:00.000Z"): StillClock {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    elapsed: () => now,
    async sleep(ms) {
      now += ms;
    },
    advance(ms) {
      now += ms;
    },
  };
}
