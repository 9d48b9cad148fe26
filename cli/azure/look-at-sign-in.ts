import type { LazyCredential } from "../../shared/adapters/azure/lazy-credential.ts";
import { check, type Check } from "../check.ts";

const MANAGEMENT_SCOPE = "https://management.azure.com/.default";

/** Somebody is signed in. What the SDK says of every way it tried is left out: none of it is what is to be done. */
export function lookAtSignIn(credential: LazyCredential): Promise<Check> {
  return check("sign-in", "Run `az login`, then this again.", async () => {
    const token = await credential.getToken(MANAGEMENT_SCOPE, {}).catch(() => null);
    if (token === null) throw new Error("nobody is signed in to Azure here");
    return "signed in to Azure";
  });
}
