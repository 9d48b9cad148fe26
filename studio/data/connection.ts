import { createStore } from "./store.ts";

/** When the platform was last heard of; undefined while the connection holds. */
export const lostSince = createStore<Date | undefined>(undefined);

let heardAt = new Date();

/** Called after every request: whether anything answered it. */
export function noteConnection(isAnswered: boolean): void {
  if (isAnswered) {
    heardAt = new Date();
    lostSince.set(undefined);
  } else if (lostSince.get() === undefined) {
    lostSince.set(heardAt);
  }
}
