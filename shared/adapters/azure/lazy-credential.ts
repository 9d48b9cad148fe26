import type { DefaultAzureCredential } from "@azure/identity";
import type { WorkflowIdentity } from "../../settings.ts";
import { workflowToken } from "./workflow-token.ts";

export type LazyCredential = Pick<DefaultAzureCredential, "getToken">;

/**
 * The identity of this process: managed identity in Azure, the workflow's on GitHub, the developer's own sign-in
 * elsewhere. The package is loaded when the first token is asked for, because it costs a cold start and a connection
 * string needs none.
 */
export function createLazyCredential(workflow?: WorkflowIdentity): LazyCredential {
  let credential: Promise<LazyCredential> | undefined;
  return {
    async getToken(scopes, options) {
      credential ??= import("@azure/identity").then((identity) =>
        workflow === undefined
          ? new identity.DefaultAzureCredential()
          : new identity.ClientAssertionCredential(workflow.tenant, workflow.client, () =>
              workflowToken(workflow),
            ),
      );
      return (await credential).getToken(scopes, options);
    },
  };
}
