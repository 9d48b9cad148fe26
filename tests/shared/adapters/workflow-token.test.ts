import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { workflowToken } from "../../../shared/adapters/azure/workflow-token.ts";
import { readSettings } from "../../../shared/settings.ts";

/** What a runner answers to a step that asks for a token. */
async function startRunner(key: string): Promise<string> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://runner");
    const allowed = request.headers.authorization === `Bearer ${key}`;
    response.writeHead(allowed ? 200 : 403, { "content-type": "application/json" });
    const value = `token for ${searchParams.get("audience")}, version ${searchParams.get("api-version")}`;
    response.end(JSON.stringify(allowed ? { count: 1, value } : { message: "no" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/idtoken?api-version=2.0`;
}

test("the runner is asked for a token that Microsoft Entra ID exchanges", async () => {
  const tokenUrl = await startRunner("k");
  expect(await workflowToken({ tokenUrl, tokenKey: "k" })).toBe(
    "token for api://AzureADTokenExchange, version 2.0",
  );
  await expect(workflowToken({ tokenUrl, tokenKey: "other" })).rejects.toThrow("id-token: write");
});

test("a workflow signs in so only where all four facts are there", () => {
  const environment = {
    AZURE_TENANT_ID: "t",
    AZURE_CLIENT_ID: "c",
    ACTIONS_ID_TOKEN_REQUEST_URL: "http://runner",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "k",
    AzureWebJobsStorage__accountName: "shop",
  };
  const identity = { tenant: "t", client: "c", tokenUrl: "http://runner", tokenKey: "k" };
  expect(readSettings(environment).storage).toEqual({ accountName: "shop", identity });
  expect(
    readSettings({ ...environment, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" }).workflowIdentity,
  ).toBeUndefined();
});
