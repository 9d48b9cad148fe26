import type { Authenticator } from "../ports/authenticator.ts";
import type { Clock } from "../ports/clock.ts";
import type { AccessSettings } from "../settings.ts";
import { createEntraTokens } from "./entra-tokens.ts";
import { createKeyRing } from "./key-ring.ts";

const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Keys and tokens by the settings; with neither it knows nobody. */
export function createAuthenticator(
  { keys, entra }: Pick<AccessSettings, "keys" | "entra">,
  clock: Pick<Clock, "now">,
): Authenticator {
  const ring = createKeyRing(keys);
  const tokens = entra && createEntraTokens(entra, clock);
  return {
    async identify(credential) {
      return (
        (await ring.identify(credential)) ??
        (TOKEN.test(credential) ? tokens?.identify(credential) : undefined)
      );
    },
  };
}
