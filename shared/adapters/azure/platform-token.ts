import { messageOf, PermanentError } from "../../errors.ts";
import type { WorkflowIdentity } from "../../settings.ts";
import { createLazyCredential } from "./lazy-credential.ts";

/** An access token for the application that stands for Flowgate (`audience`: its client id). Throws `PermanentError`. */
export async function platformToken(
  audience: string,
  workflow: WorkflowIdentity | undefined,
): Promise<string> {
  const resource = audience.includes("://") ? audience : `api://${audience}`;
  try {
    const token = await createLazyCredential(workflow).getToken(`${resource}/.default`);
    return token.token;
  } catch (error) {
    // Its first line says what failed; the rest lists every way to sign in there is.
    const [reason] = messageOf(error).split("\n");
    throw new PermanentError(
      `Could not sign in to ${resource}: ${reason} Sign in with \`az login\`, or give a key with --key or FLOWGATE_KEY.`,
      { cause: error },
    );
  }
}
