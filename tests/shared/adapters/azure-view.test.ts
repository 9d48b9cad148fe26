import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAzureView } from "../../../shared/adapters/azure/azure-view.ts";
import type { AzureView } from "../../../shared/ports/azure-view.ts";

let server: Server;
let url: string;
let asked: string[];
let answers: Record<string, { status?: number; body: object }>;
let view: AzureView;

beforeEach(async () => {
  asked = [];
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    const { status = 200, body } = answers[request.url ?? ""] ?? { status: 404, body: {} };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credential = {
    getToken: async (scope: string | string[]) => ({ token: `for ${String(scope)}`, expiresOnTimestamp: 0 }),
  };
  view = createAzureView(credential, { management: url, insights: url });
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

test("a list is read over all of its pages, with a token for the management service", async () => {
  answers = {
    "/subscriptions/s/things?api-version=1": {
      body: { value: [1, 2], nextLink: `${url}/subscriptions/s/things?api-version=1&page=2` },
    },
    "/subscriptions/s/things?api-version=1&page=2": { body: { value: [3] } },
  };
  expect(await view.list("/subscriptions/s/things", "1")).toEqual([1, 2, 3]);
  expect(asked[1]).toMatch(/^Bearer for https:\/\/management\.azure\.com\/\.default .*page=2$/);
});

test("what is not there is undefined, and a list of it empty", async () => {
  answers = {};
  expect(await view.get("/subscriptions/s/none", "1")).toBeUndefined();
  expect(await view.list("/subscriptions/s/none", "1")).toEqual([]);
});

test("a refusal is told with the service's own first line", async () => {
  const message = "The client 'ada' does not have authorization.\nMore of it.";
  answers = { "/subscriptions/s/things?api-version=1": { status: 403, body: { error: { message } } } };
  await expect(view.list("/subscriptions/s/things", "1")).rejects.toThrow(
    /^\/subscriptions\/s\/things answered 403: The client 'ada' does not have authorization\.$/,
  );
});

test("a query's rows have its columns' names, and its token is for Application Insights", async () => {
  const table = { columns: [{ name: "looks" }, { name: "latest" }], rows: [[3, "now"]] };
  answers = { "/v1/apps/app/query?query=a+%7C+b": { body: { tables: [table] } } };
  expect(await view.query("app", "a | b")).toEqual([{ looks: 3, latest: "now" }]);
  expect(asked[0]).toContain("Bearer for https://api.applicationinsights.io/.default");
});
