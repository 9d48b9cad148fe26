import { createStore } from "./store.ts";

/** That nothing answers; `since`: when the platform was last heard of, where this page has heard of it at all. */
export interface LostConnection {
  since: Date | undefined;
}

/** Undefined while the connection holds. */
export const lostConnection = createStore<LostConnection | undefined>(undefined);

let heardAt: Date | undefined;

/** Called after every request: whether anything answered it, be it with a refusal. */
export function noteConnection(isAnswered: boolean): void {
  if (isAnswered) {
    heardAt = new Date();
    lostConnection.set(undefined);
  } else if (lostConnection.get() === undefined) {
    lostConnection.set({ since: heardAt });
  }
}
