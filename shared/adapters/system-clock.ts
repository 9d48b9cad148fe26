import { onAbort } from "../on-abort.ts";
import type { Clock } from "../ports/clock.ts";

/** The clock of this machine. */
export function createSystemClock(): Clock {
  return {
    now: () => new Date(),
    elapsed: () => performance.now(),
    // A plain timer: the promise that Node makes of one costs three times as much, and every held-back call waits here.
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const timer = setTimeout(() => {
          stopListening?.();
          resolve();
        }, ms);
        const stopListening =
          signal &&
          onAbort(signal, () => {
            clearTimeout(timer);
            reject(signal.reason as Error);
          });
      }),
  };
}
