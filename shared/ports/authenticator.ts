import type { Caller } from "../model/access.ts";

/** Tells who calls by what they present: a key, or a token of the identity service. */
export interface Authenticator {
  /**
   * Undefined where the credential proves nobody. Throws `RetryLaterError` where the identity service that could tell
   * does not answer.
   */
  identify(credential: string): Promise<Caller | undefined>;
}
