import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../ports/clock.ts";

/** The clock of this machine. */
export function createSystemClock(): Clock {
  return {
    now: () => new Date(),
    elapsed: () => performance.now(),
    async sleep(ms, signal) {
      try {
        await wait(ms, undefined, signal ? { signal } : {});
      } catch (error) {
        throw signal?.reason ?? error;
      }
    },
  };
}
