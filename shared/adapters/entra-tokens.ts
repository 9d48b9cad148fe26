import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from "jose";
import { messageOf, RetryLaterError } from "../errors.ts";
import { ROLES, type Role } from "../model/access.ts";
import type { Authenticator } from "../ports/authenticator.ts";
import type { Clock } from "../ports/clock.ts";
import type { EntraSettings } from "../settings.ts";

const CLOCK_TOLERANCE_SECONDS = 60;
/** App roles are declared as `Flowgate.Reader`, ... or by the bare word. */
const ROLE_PREFIX = /^flowgate\./;

/**
 * Knows callers by an access token of Microsoft Entra ID for this app: signature, issuer (both versions of tokens),
 * audience and life time are checked, and the roles are those of the token's `roles` claim. Signing keys are fetched
 * when first needed and kept.
 */
export function createEntraTokens(
  { authority, tenant, audience }: EntraSettings,
  clock: Pick<Clock, "now">,
): Authenticator {
  const keys = createRemoteJWKSet(new URL(`${authority}/${tenant}/discovery/v2.0/keys`));
  const issuer = [`${authority}/${tenant}/v2.0`, `https://sts.windows.net/${tenant}/`];
  return {
    async identify(credential) {
      try {
        const { payload } = await jwtVerify(credential, keys, {
          issuer,
          audience: [audience, `api://${audience}`],
          algorithms: ["RS256"],
          requiredClaims: ["exp"],
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: clock.now(),
        });
        return { name: nameOf(payload), roles: rolesOf(payload) };
      } catch (error) {
        if (isRefusal(error)) return undefined;
        throw new RetryLaterError(`The identity service does not answer: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
  };
}

/** Whether the token is at fault; everything else is the way to the identity service. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    error.code !== "ERR_JOSE_GENERIC"
  );
}

function rolesOf({ roles }: JWTPayload): Role[] {
  const granted = (Array.isArray(roles) ? roles : []).map((role) =>
    String(role).toLowerCase().replace(ROLE_PREFIX, ""),
  );
  return ROLES.filter((role) => granted.includes(role));
}

/** A person by their sign-in name, an app by its id. */
function nameOf({ preferred_username: person, upn, azp, appid, sub }: JWTPayload): string {
  const names = [person, upn, azp, appid, sub].filter((value) => typeof value === "string" && value !== "");
  return `entra:${(names as string[])[0] ?? "unknown"}`;
}
