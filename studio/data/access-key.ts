import { forgetAnswers } from "./kept-answers.ts";
import { createStore } from "./store.ts";

/** Why the page asks for a key; undefined while it does not. */
export const keyWanted = createStore<string | undefined>(undefined);

const KEY = "flowgate.key";

/** The key that was given, for as long as this tab is open. */
export function accessKey(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function keepAccessKey(key: string): void {
  forgetAnswers();
  sessionStorage.setItem(KEY, key);
  keyWanted.set(undefined);
}

export function forgetAccessKey(): void {
  sessionStorage.removeItem(KEY);
  forgetAnswers();
}
