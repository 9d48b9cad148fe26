import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

export const TENANT = "7d3a2c56-9f1e-4f0a-8a55-2b1f8d1c9e01";
export const AUDIENCE = "5b0c7f3e-1d2a-4c8b-9e6f-0a1b2c3d4e5f";

/** A server that publishes signing keys as Microsoft Entra ID does, and signs tokens with them. */
export interface EntraAuthority extends AsyncDisposable {
  url: string;
  /** A token for Flowgate; `claims` replace those that are right. `forged`: signed by somebody else. */
  token(
    claims?: Record<string, unknown>,
    options?: { forged?: boolean; expiresIn?: string },
  ): Promise<string>;
}

export async function startEntraAuthority(): Promise<EntraAuthority> {
  const ours = await generateKeyPair("RS256");
  const theirs = await generateKeyPair("RS256");
  const keys = [{ ...(await exportJWK(ours.publicKey)), kid: "1", use: "sig", alg: "RS256" }];
  const server = createServer((request, response) => {
    if (request.url === `/${TENANT}/discovery/v2.0/keys`) response.end(JSON.stringify({ keys }));
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return {
    url,
    token: (claims = {}, { forged = false, expiresIn = "10m" } = {}) =>
      new SignJWT({
        iss: `${url}/${TENANT}/v2.0`,
        aud: AUDIENCE,
        preferred_username: "ada@contoso.com",
        roles: ["Flowgate.Operator"],
        ...claims,
      })
        .setProtectedHeader({ alg: "RS256", kid: "1" })
        .setIssuedAt()
        .setExpirationTime(expiresIn)
        .sign(forged ? theirs.privateKey : ours.privateKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
