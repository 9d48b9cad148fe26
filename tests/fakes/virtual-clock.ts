import type { Clock } from "../../shared/ports/clock.ts";

export interface VirtualClock extends Clock {
  /** Lets time pass, from one sleeper to the next, until `work` has settled. Throws where nobody would ever wake. */
  runUntil<T>(work: Promise<T>): Promise<T>;
}

interface Sleeper {
  at: number;
  order: number;
  wake(): void;
}

/** A clock on which minutes take no time: whenever nothing else is left to do it jumps to whoever wakes next. */
export function createVirtualClock(start = "2026-11-22T10:00:00.000Z"): VirtualClock {
  const origin = Date.parse(start);
  const sleepers = new Set<Sleeper>();
  let time = 0;
  let order = 0;

  return {
    now: () => new Date(origin + time),
    elapsed: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const sleeper: Sleeper = {
          at: time + ms,
          order: (order += 1),
          wake() {
            signal?.removeEventListener("abort", leave);
            resolve();
          },
        };
        const leave = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener("abort", leave, { once: true });
        sleepers.add(sleeper);
      }),
    async runUntil(work) {
      let settled = false;
      const done = work.finally(() => (settled = true));
      done.catch(() => undefined);
      for (;;) {
        // Everything that follows from what just happened comes first.
        await new Promise((resolve) => setImmediate(resolve));
        if (settled) return done;
        const [first] = [...sleepers].sort((a, b) => a.at - b.at || a.order - b.order);
        if (!first) throw new Error("Everybody waits and nobody sleeps.");
        sleepers.delete(first);
        time = Math.max(time, first.at);
        first.wake();
      }
    },
  };
}
