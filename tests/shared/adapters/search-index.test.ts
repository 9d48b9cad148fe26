import { expect, onTestFinished, test } from "vitest";
import { createSearchIndex } from "../../../shared/adapters/azure/search-index.ts";
import type { LazyCredential } from "../../../shared/adapters/azure/lazy-credential.ts";
import { createSystemClock } from "../../../shared/adapters/system-clock.ts";
import { ModelError, NotFoundError } from "../../../shared/errors.ts";
import type { SearchQuery } from "../../../shared/ports/search-index.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { type Reply, sendError, sendJson, startModelServer } from "./model-server.ts";

const CONTEXT = { flow: "shop", version: "v", purpose: "step" } as const;
const VECTOR = Float32Array.from([0.5, -0.25]);
const LONG = Array.from({ length: 64 }, () => 0.1);

const QUERY: SearchQuery = {
  connection: "my-search",
  index: "products",
  mode: "keyword",
  text: "light tent",
  vector: undefined,
  fields: [],
  top: 3,
  minimumScore: undefined,
};

/** The service's answer to a search, as its REST reference shows it. */
const hits = (...scores: number[]): Reply =>
  sendJson(200, {
    "@odata.context": "https://my-search.search.windows.net/indexes('products')/$metadata#docs(*)",
    value: scores.map((score, at) => ({
      "@search.score": score,
      "@search.highlights": {},
      id: `P${at}`,
      name: "Tent",
      contentVector: [0.1, 0.2],
      other: LONG,
      sizes: [1, 2],
    })),
  });

async function setUp(options: { apiKey?: string; credential?: LazyCredential }, ...replies: Reply[]) {
  const server = await startModelServer(...replies);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const telemetry = createMemoryTelemetry();
  const endpoint = `${server.baseUrl.replace("/v1", "")}/`;
  const connections = {
    "my-search": { kind: "azure-ai-search" as const, endpoint, apiKey: options.apiKey },
    spare: { kind: "azure-ai-search" as const, endpoint, apiKey: "k" },
  };
  return {
    server,
    telemetry,
    index: createSearchIndex(connections, telemetry, createSystemClock(), options.credential),
  };
}

test("a keyword search sends words and key, and gives the records without annotations and vectors", async () => {
  const { index, server, telemetry } = await setUp({ apiKey: "secret" }, hits(2.5, 1));
  const found = await index.search({ ...QUERY, fields: ["contentVector"] }, CONTEXT);
  expect(found).toEqual([
    { id: "P0", name: "Tent", sizes: [1, 2] },
    { id: "P1", name: "Tent", sizes: [1, 2] },
  ]);
  const [request] = server.requests;
  expect(request?.path).toBe("/indexes/products/docs/search?api-version=2024-07-01");
  expect(request?.headers).toMatchObject({ "api-key": "secret", "content-type": "application/json" });
  expect(request?.body).toEqual({ search: "light tent", queryType: "simple", searchMode: "any", top: 3 });
  expect(telemetry.spans.map(({ name }) => name)).toEqual(["retrieval my-search/products"]);
  expect(JSON.stringify(telemetry.spans)).not.toContain("secret");
});

test("a vector search sends the vector alone", async () => {
  const { index, server } = await setUp({ apiKey: "k" }, hits(0.9));
  await index.search({ ...QUERY, mode: "vector", vector: VECTOR, fields: ["a", "b"] }, CONTEXT);
  expect(server.requests[0]?.body).toEqual({
    top: 3,
    vectorQueries: [{ kind: "vector", vector: [0.5, -0.25], fields: "a,b", k: 3 }],
  });
});

test("a hybrid search sends both, and lets the vector bring in fifty", async () => {
  const { index, server } = await setUp({ apiKey: "k" }, hits(0.03));
  await index.search({ ...QUERY, mode: "hybrid", vector: VECTOR, fields: ["contentVector"] }, CONTEXT);
  expect(server.requests[0]?.body).toEqual({
    search: "light tent",
    queryType: "simple",
    searchMode: "any",
    top: 3,
    vectorQueries: [{ kind: "vector", vector: [0.5, -0.25], fields: "contentVector", k: 50 }],
  });
});

test("operators in a question are searched as they are written", async () => {
  const { index, server } = await setUp({ apiKey: "k" }, hits());
  await index.search({ ...QUERY, text: `what's (light) + -cheap "tent" low-cost a*` }, CONTEXT);
  expect(server.requests[0]?.body.search).toBe(
    String.raw`what\'s \(light\) \+ \-cheap \"tent\" low-cost a\*`,
  );
});

test("the least score is a cosine in vector search and the service's own in keyword search", async () => {
  const { index } = await setUp({ apiKey: "k" }, hits(0.8, 0.6));
  // The service's 0.8 is a cosine of 0.75, its 0.6 one of 1/3.
  const near = await index.search({ ...QUERY, mode: "vector", vector: VECTOR, minimumScore: 0.75 }, CONTEXT);
  expect(near).toHaveLength(1);
  expect(
    await index.search({ ...QUERY, mode: "vector", vector: VECTOR, minimumScore: 0.34 }, CONTEXT),
  ).toHaveLength(1);
  expect(
    await index.search({ ...QUERY, mode: "vector", vector: VECTOR, minimumScore: 0.33 }, CONTEXT),
  ).toHaveLength(2);
  expect(await index.search({ ...QUERY, minimumScore: 0.7 }, CONTEXT)).toHaveLength(1);
});

test("without a key the process's identity asks", async () => {
  const scopes: unknown[] = [];
  const credential: LazyCredential = {
    getToken: async (scope) => {
      scopes.push(scope);
      return { token: "entra", expiresOnTimestamp: 0 };
    },
  };
  const { index, server } = await setUp({ credential }, hits(1));
  await index.search(QUERY, CONTEXT);
  expect(scopes).toEqual(["https://search.azure.com/.default"]);
  expect(server.requests[0]?.headers.authorization).toBe("Bearer entra");
  expect(server.requests[0]?.headers["api-key"]).toBeUndefined();
});

test("an unknown connection is refused with the known ones", async () => {
  const { index, server } = await setUp({ apiKey: "k" }, hits(1));
  const failure = await index
    .search({ ...QUERY, connection: "toString" }, CONTEXT)
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(NotFoundError);
  expect((failure as Error).message).toBe(
    "There is no connection toString. Known connections: my-search, spare. Add it to FLOWGATE_CONNECTIONS.",
  );
  expect(server.requests).toEqual([]);
});

test("a throttled search is repeated", async () => {
  const busy = sendError(503, { code: "", message: "Busy." }, { "retry-after": "0" });
  const { index, server } = await setUp({ apiKey: "k" }, busy, hits(1));
  expect(await index.search(QUERY, CONTEXT)).toHaveLength(1);
  expect(server.requests).toHaveLength(2);
});

test.each([
  [
    403,
    "Forbidden",
    "invalid",
    /my-search refused index products \(HTTP 403\): Forbidden .*Search Index Data Reader/,
  ],
  [404, "No index.", "invalid", /HTTP 404\): No index\. Check the index's name/],
  [
    400,
    "Unknown field 'contentVector' in vector field list.",
    "invalid",
    /Unknown field .* fields names the index/,
  ],
])("a refusal with %d is not repeated and says what to do", async (status, message, kind, said) => {
  const { index, server, telemetry } = await setUp(
    { apiKey: "secret" },
    sendError(status, { code: "", message }),
  );
  const failure = await index.search(QUERY, CONTEXT).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ModelError);
  expect(failure).toMatchObject({ kind, status, message: expect.stringMatching(said) });
  expect((failure as Error).message).not.toContain("secret");
  expect(server.requests).toHaveLength(1);
  expect(telemetry.spans).toMatchObject([{ ended: true }]);
});

test("an answer that is no search result is a failure, and a caller who leaves ends the call", async () => {
  const { index } = await setUp({ apiKey: "k" }, sendJson(400, {}));
  await expect(index.search(QUERY, CONTEXT)).rejects.toMatchObject({ kind: "invalid" });
  const hanging = await setUp({ apiKey: "k" }, () => undefined);
  const controller = new AbortController();
  const search = hanging.index.search(QUERY, { ...CONTEXT, signal: controller.signal });
  await expect.poll(() => hanging.server.requests.length).toBe(1);
  controller.abort();
  await expect(search).rejects.toMatchObject({ kind: "aborted" });
  await hanging.server.requests[0]?.left;
});
