import type { DefaultAzureCredential } from "@azure/identity";

export type LazyCredential = Pick<DefaultAzureCredential, "getToken">;

/**
 * The identity of this process: managed identity in Azure, the developer's own sign-in elsewhere. The package is
 * loaded when the first token is asked for, because it costs a cold start and a connection string needs none.
 */
export function createLazyCredential(): LazyCredential {
  let credential: Promise<DefaultAzureCredential> | undefined;
  return {
    async getToken(scopes, options) {
      credential ??= import("@azure/identity").then((identity) => new identity.DefaultAzureCredential());
      return (await credential).getToken(scopes, options);
    },
  };
}
