import { onAbort } from "../../shared/on-abort.ts";
import { createWaitingLine } from "../../shared/waiting-line.ts";

/** Bounds the rows that a process has under way, over all its shards and runs. */
export interface RowAdmission {
  /** Waits for a place; the lowest order goes first. Returns how to give it back. Rejects with the signal's reason. */
  admit(order: number, signal: AbortSignal): Promise<() => void>;
}

export function createRowAdmission(places: number): RowAdmission {
  const line = createWaitingLine<() => void>();
  let free = places;
  let arrivals = 0;

  function leave(): void {
    const next = line.next();
    if (next) next();
    else free += 1;
  }

  return {
    async admit(order, signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return leave;
      }
      return new Promise((resolve, reject) => {
        arrivals += 1;
        const leaveLine = line.join({ person: false, order, arrival: arrivals }, () => {
          stopListening();
          resolve(leave);
        });
        const stopListening = onAbort(signal, () => {
          leaveLine();
          reject(signal.reason as Error);
        });
      });
    },
  };
}
