import { appendFile } from "node:fs/promises";
import path from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FlowHistory, FlowStatus } from "../../shared/model/status.ts";
import { openapiDocument } from "../../scripts/openapi-document.ts";
import committed from "../../schemas/openapi.json" with { type: "json" };
import { registryPath } from "../../shared/registry/paths.ts";
import { makeScratchFlows, SMALL, type ScratchFlows } from "./scratch-flows.ts";
import { startTestPlatform, verdictOf, type TestPlatform } from "./test-platform.ts";

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  requestBody?: { content: Record<string, { schema: object }> };
}

const paths = committed.paths as unknown as Record<string, Record<string, Operation>>;
const operations = Object.entries(paths).flatMap(([route, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route, method, operation })),
);
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: "api", ...committed });

let scratch: ScratchFlows;
let flowgate: TestPlatform;
/** What the placeholders of the routes stand for. */
let named: Record<string, string>;
let status: FlowStatus;
/** What the code says now. Made before anything is served: it takes the process for a while. */
const generated: unknown = JSON.parse(JSON.stringify(openapiDocument()));

const TURN = Math.floor(Date.now() / 1000).toString(16) + "0".repeat(24);
const CHAT = { messages: [{ role: "user", content: "When does the shop open?" }] };
const BODIES: Record<string, object> = {
  "post /api/chat/{flow}": CHAT,
  "post /api/chat/{flow}/stream": CHAT,
  "post /api/flows/{flow}/versions/{version}/try": CHAT,
  "post /v1/chat/completions": { model: SMALL, ...CHAT },
  "put /api/flows/{flow}/review/{turn}": { version: "v", fields: CHAT.messages[0] ?? {}, actor: "Ada" },
  "post /api/given-up/{queue}/{id}": { actor: "Ada" },
  "post /api/flows/{flow}/review/{turn}": { decision: "dropped", actor: "Ada" },
};

beforeAll(async () => {
  scratch = await makeScratchFlows();
  flowgate = await startTestPlatform({ flow: SMALL, flowFolder: scratch.small });
  const { run, version } = verdictOf(await flowgate.pushAndWait({ author: "Ada", message: "first" }));
  const overtaken = {
    sequence: 99,
    at: "2026-11-26T12:00:00Z",
    version: "0".repeat(12),
    run: "1".repeat(12),
  };
  await flowgate.store.create(
    "registry",
    registryPath.supersededChange(SMALL, 99),
    JSON.stringify(overtaken),
  );
  // A refused change, so that the history shows one.
  await appendFile(path.join(flowgate.folder, "flow.yaml"), "nonsense: true\n");
  expectRefused(await flowgate.pushAndWait());
  status = await flowgate.until(({ release }) => release?.stable !== undefined, "something serves");
  const suite = status.release?.stable?.suite ?? "";
  named = { flow: SMALL, run, version, suite, model: SMALL, turn: TURN, path: "chat.prompty" };
  const message = { kind: "feedback", flow: SMALL, day: "2026-11-26", turn: TURN };
  const givenUp = {
    queue: "turn-samples",
    reason: "the judge was down",
    message,
    at: "2026-11-26T12:00:00Z",
  };
  await flowgate.store.create(
    "registry",
    registryPath.poison("turn-samples", "one"),
    JSON.stringify(givenUp),
  );
  named = { ...named, queue: "turn-samples", id: "one" };
});
afterAll(async () => {
  await flowgate[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

function expectRefused({ kind }: { kind: string }): void {
  if (kind !== "refused") throw new Error(`The nonsense was ${kind}.`);
}

async function call(route: string, method: string, body?: object): Promise<Response> {
  const address = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => named[name] ?? name);
  const query = queryOf(route);
  return fetch(`${flowgate.platform.host.url}${address}${query}`, {
    method: method.toUpperCase(),
    headers: { "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
}

function queryOf(route: string): string {
  if (route.endsWith("/comparison")) return `?before=${named["version"]}&after=${named["version"]}`;
  if (!route.endsWith("/file")) return "";
  return `?path=${route.includes("suites") ? "data.jsonl" : "chat.prompty"}`;
}

/** What of a value does not fit the schema that the document has at this place. */
function misfits(pointer: string, value: unknown): string[] {
  const validate = ajv.getSchema(`api#${pointer}`);
  if (!validate) throw new Error(`There is no schema at ${pointer}.`);
  void validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function schemaAt(route: string, method: string, rest: string): string {
  const escaped = route.replaceAll("~", "~0").replaceAll("/", "~1");
  return encodeURI(`/paths/${escaped}/${method}/${rest}`);
}

test("the document is what the code says now, and is an OpenAPI document", async () => {
  expect(generated).toEqual(committed);
  const served: unknown = await (await call("/api/openapi.json", "get")).json();
  expect(served).toEqual(committed);
  const { valid, errors } = await new Validator().validate(structuredClone(committed));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test("every operation has a name of its own", () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
});

test("no answer is described by a schema that everything would fit", () => {
  for (const { route, method, operation } of operations) {
    if (route === "/api/openapi.json") continue;
    for (const [content, { schema }] of Object.entries(operation.responses["200"]?.content ?? {})) {
      if (!content.endsWith("json")) continue;
      expect([method, route, schema]).toEqual([
        method,
        route,
        { $ref: expect.stringContaining("/schemas/") },
      ]);
      const answered = schemaAt(route, method, `responses/200/content/${content.replace("/", "~1")}/schema`);
      expect([method, route, misfits(answered, { something: "else" })]).not.toEqual([method, route, []]);
    }
  }
});

describe("an answer fits the document", () => {
  const asked = operations.filter(
    ({ route, method }) => method === "get" || BODIES[`${method} ${route}`] !== undefined,
  );
  test.each(asked.map((one) => [`${one.method} ${one.route}`, one] as const))(
    "%s",
    async (name, { route, method, operation }) => {
      const body = BODIES[name];
      if (body) {
        const requestSchema = "requestBody/content/application~1json/schema";
        expect(misfits(schemaAt(route, method, requestSchema), body)).toEqual([]);
      }
      const response = await call(route, method, body);
      const text = await response.text();
      expect([response.status, response.status === 200 ? "" : text]).toEqual([200, ""]);
      const [content = ""] = Object.keys(operation.responses["200"]?.content ?? {});
      expect(response.headers.get("content-type")).toContain(content);
      const schema = schemaAt(route, method, `responses/200/content/${content.replace("/", "~1")}/schema`);
      if (content === "application/json") expect(misfits(schema, JSON.parse(text))).toEqual([]);
      if (content === "application/x-ndjson") {
        const lines = text.trim().split("\n");
        expect(lines.flatMap((line) => misfits(schema, JSON.parse(line)))).toEqual([]);
        expect(lines.at(-1)).toMatch(/"end"|"finishReason"/);
      }
    },
  );

  test("to a command that changes the release, and to one that is refused", async () => {
    const { release } = status;
    const body = { generation: release?.generation, reason: "maintenance", actor: "Ada" };
    const stopped = await call("/api/flows/{flow}/stop", "post", body);
    expect(stopped.status).toBe(200);
    const pointer = "/components/schemas/ReleasePointer";
    expect(misfits(pointer, await stopped.json())).toEqual([]);
    const stale = await call("/api/flows/{flow}/serve", "post", body);
    expect(stale.status).toBe(409);
    const refusal = await stale.json();
    expect(misfits("/components/schemas/ErrorBody", refusal)).toEqual([]);
    expect(refusal).toHaveProperty("release");
    expect(misfits("/components/schemas/ErrorBody", { error: "no object" })).not.toEqual([]);
  });

  test("of a chat that is refused", async () => {
    const refused = await call("/v1/chat/completions", "post", { model: "nobody", ...CHAT });
    expect(refused.status).toBe(404);
    expect(misfits("/components/schemas/ChatErrorBody", await refused.json())).toEqual([]);
  });
});

test("the history that was checked had an entry, a refusal and a change that was overtaken", async () => {
  const history = (await (await call("/api/flows/{flow}/history", "get")).json()) as FlowHistory;
  expect(history.entries.length).toBeGreaterThan(0);
  expect(history.refusals.length).toBeGreaterThan(0);
  expect(history.superseded.length).toBeGreaterThan(0);
});
