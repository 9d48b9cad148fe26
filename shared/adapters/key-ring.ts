import { createHash, timingSafeEqual } from "node:crypto";
import type { Authenticator } from "../ports/authenticator.ts";
import type { AccessKey } from "../settings.ts";

/**
 * Knows callers by their key. Only the keys' SHA-256 is at hand, so that a leaked setting opens nothing; every key is
 * compared, in a time that does not depend on how much of it is right.
 */
export function createKeyRing(keys: Readonly<Record<string, AccessKey>>): Authenticator {
  const known = Object.entries(keys).map(([name, { role, sha256 }]) => ({
    caller: { name: `key:${name}`, roles: [role] },
    digest: Buffer.from(sha256, "hex"),
  }));
  return {
    async identify(credential) {
      const digest = createHash("sha256").update(credential).digest();
      const matching = known.filter((key) => timingSafeEqual(key.digest, digest));
      return matching[0]?.caller;
    },
  };
}
