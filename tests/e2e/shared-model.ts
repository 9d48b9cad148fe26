import type { OfflineModel } from "../../local/model/start-offline-model.ts";

/** Its address, in the environment of all tests of a run. */
export const SHARED_MODEL = "TESTS_OFFLINE_MODEL";

/**
 * The stand-in that all tests of a run share: it loads its weights once, and remembers the vectors of what most of them
 * ask it, which are most of what it computes. Undefined where `set-up.ts` did not start it. Closing it does nothing.
 */
export function sharedModel(): OfflineModel | undefined {
  const baseUrl = process.env[SHARED_MODEL];
  return baseUrl === undefined ? undefined : { baseUrl, apiKey: "offline", close: () => Promise.resolve() };
}
