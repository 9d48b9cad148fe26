import { PermanentError } from "../../errors.ts";
import type { WorkflowIdentity } from "../../settings.ts";

/** What Microsoft Entra ID asks of a token that it is to exchange for one of its own. */
const AUDIENCE = "api://AzureADTokenExchange";
const TIMEOUT_MS = 30_000;

/**
 * A token that says which repository and which branch or pull request the workflow runs for, signed by GitHub; good
 * for some minutes. Throws `PermanentError` where GitHub gives none.
 */
export async function workflowToken({
  tokenUrl,
  tokenKey,
}: Pick<WorkflowIdentity, "tokenUrl" | "tokenKey">): Promise<string> {
  const url = new URL(tokenUrl);
  url.searchParams.set("audience", AUDIENCE);
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${tokenKey}`, accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = response.ok ? ((await response.json()) as { value?: unknown }) : {};
  if (typeof body.value === "string") return body.value;
  throw new PermanentError(
    `GitHub gives the workflow no token to sign in with (${response.status}). ` +
      "The job needs `permissions: { id-token: write }`.",
  );
}
