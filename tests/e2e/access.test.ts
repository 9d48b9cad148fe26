import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DESCRIBED_ROUTES } from "../../scripts/openapi-routes.ts";
import { ROLES, type Role } from "../../shared/model/access.ts";
import { RELEASE_VERBS } from "../../shared/model/status.ts";
import { AUDIENCE, type EntraAuthority, startEntraAuthority, TENANT } from "./entra-authority.ts";
import { startTestPlatform, type TestPlatform } from "./test-platform.ts";

/** Every HTTP route of the app, and the least role that opens it; undefined: everybody. */
const ROUTES: Record<string, Role | undefined> = {
  "GET api/health": undefined,
  "POST v1/chat/completions": "chat",
  "GET v1/models": "chat",
  "GET v1/models/{model}": "chat",
  "POST api/chat/{flow}": "chat",
  "POST api/chat/{flow}/stream": "chat",
  "GET v1/{*path}": undefined,
  "POST v1/{*path}": undefined,
  "DELETE v1/{*path}": undefined,
  "POST chat/completions": undefined,
  "GET openai/{*path}": undefined,
  "POST openai/{*path}": undefined,
  "DELETE openai/{*path}": undefined,
  "HEAD api/health": undefined,
  "GET health/live": undefined,
  "HEAD health/live": undefined,
  "GET health/ready": undefined,
  "HEAD health/ready": undefined,
  "POST api/feedback": "chat",
  "GET studio/{*path}": undefined,
  "GET api/me": "reader",
  "GET api/openapi.json": undefined,
  "GET api/given-up": "operator",
  "POST api/given-up/{queue}/{id}": "operator",
  "GET api/flows/{flow}/review": "operator",
  "POST api/flows/{flow}/review/{turn}": "operator",
  "PUT api/flows/{flow}/review/{turn}": "operator",
  "GET api/flows": "reader",
  "GET api/flows/{flow}": "reader",
  "GET api/flows/{flow}/history": "reader",
  "GET api/flows/{flow}/release": "reader",
  "GET api/flows/{flow}/traffic": "reader",
  "GET api/flows/{flow}/runs/{run}": "reader",
  "GET api/flows/{flow}/runs/{run}/report.md": "reader",
  "GET api/flows/{flow}/runs/{run}/report.html": "reader",
  "GET api/flows/{flow}/runs/{run}/rows": "reader",
  "GET api/flows/{flow}/comparison": "reader",
  "GET api/flows/{flow}/versions/{version}": "reader",
  "GET api/flows/{flow}/versions/{version}/file": "reader",
  "GET api/flows/{flow}/proposals": "reader",
  "GET api/flows/{flow}/versions/{version}/scorecard": "reader",
  "GET api/flows/{flow}/versions/{version}/scorecard.html": "reader",
  "GET api/flows/{flow}/versions/{version}/inputs": "operator",
  "POST api/flows/{flow}/versions/{version}/try": "operator",
  "GET api/flows/{flow}/suites/{suite}": "reader",
  "GET api/flows/{flow}/suites/{suite}/file": "reader",
  ...Object.fromEntries(RELEASE_VERBS.map((verb) => [`POST api/flows/{flow}/${verb}`, "operator" as const])),
};
const KEYS = Object.fromEntries(ROLES.map((role) => [role, `fg-the-key-of-a-${role}`]));
/** What each role may do. */
const OPENS: Record<Role, readonly Role[]> = {
  reader: ["reader"],
  chat: ["chat"],
  operator: ["reader", "chat", "operator"],
};

let entra: EntraAuthority;
let flowgate: TestPlatform;
beforeAll(async () => {
  entra = await startEntraAuthority();
  const keys = ROLES.map((role) => [role, { role, sha256: sha256(KEYS[role] ?? "") }]);
  flowgate = await startTestPlatform({
    environment: {
      FLOWGATE_KEYS: JSON.stringify(Object.fromEntries(keys)),
      FLOWGATE_ENTRA_TENANT: TENANT,
      FLOWGATE_ENTRA_AUDIENCE: AUDIENCE,
      FLOWGATE_ENTRA_AUTHORITY: entra.url,
      FLOWGATE_CHAT_PER_MINUTE: "40",
    },
  });
});
afterAll(async () => {
  await flowgate[Symbol.asyncDispose]();
  await entra[Symbol.asyncDispose]();
});

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function call(route: string, headers: Record<string, string> = {}): Promise<number> {
  const [method = "", template = ""] = route.split(" ");
  const url = `${flowgate.platform.host.url}/${template.replaceAll(/\{\w+\}/g, "nothing")}`;
  const body = method === "GET" || method === "HEAD" ? {} : { body: "{}" };
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...body,
  });
  await response.arrayBuffer();
  return response.status;
}

const bearer = (credential: string): Record<string, string> => ({ authorization: `Bearer ${credential}` });

test("the table below has every route of the app", async () => {
  const keys = await readFile(path.join(flowgate.folder, "../../data/keys.json"), "utf8");
  const { master } = JSON.parse(keys) as { master: string };
  const listed = await fetch(`${flowgate.platform.host.url}/admin/functions`, {
    headers: { "x-functions-key": master },
  });
  const functions = (await listed.json()) as {
    config: { bindings: { type: string; route: string; methods: string[] }[] };
  }[];
  const routes = functions
    .flatMap(({ config }) => config.bindings)
    .filter(({ type }) => type === "httpTrigger")
    .flatMap(({ route, methods }) => methods.map((method) => `${method} ${route}`));
  expect(routes.toSorted()).toEqual(Object.keys(ROUTES).toSorted());
});

test("the OpenAPI document has every route that has an answer for programs, each with the role that opens it", () => {
  const answering = ([route]: [string, unknown]): boolean =>
    !/^HEAD |^POST chat\/completions$|\{\*path\}/.test(route);
  const routes = Object.fromEntries(Object.entries(ROUTES).filter(answering));
  const described = Object.fromEntries(DESCRIBED_ROUTES.map(({ route, role }) => [route, role]));
  expect(described).toEqual(routes);
});

describe("a role by a route", () => {
  test.each(Object.entries(ROUTES))("%s", async (route, needed) => {
    const open = needed === undefined;
    expect([401, 403].includes(await call(route))).toBe(!open);
    if (!open) expect(await call(route, bearer("fg-a-key-nobody-has"))).toBe(401);
    for (const role of ROLES) {
      const mayCome = open || OPENS[role].includes(needed);
      const status = await call(route, bearer(KEYS[role] ?? ""));
      expect([role, status === 403]).toEqual([role, !mayCome]);
      expect(status).not.toBe(401);
      const token = await entra.token({ roles: [`Flowgate.${role}`] });
      const withToken = await call(route, bearer(token));
      expect([role, withToken === 403, withToken === 401]).toEqual([role, !mayCome, false]);
    }
  });
});

describe("a token", () => {
  const STATUS = "GET api/flows";
  test.each<[string, Parameters<EntraAuthority["token"]>, number]>([
    [
      "of the older form is taken",
      [{ iss: `https://sts.windows.net/${TENANT}/`, aud: `api://${AUDIENCE}` }],
      200,
    ],
    ["signed by somebody else is refused", [{}, { forged: true }], 401],
    ["of another tenant is refused", [{ iss: "https://sts.windows.net/another/" }], 401],
    ["for another app is refused", [{ aud: "another" }], 401],
    ["that has expired is refused", [{}, { expiresIn: "-10m" }], 401],
    ["without a role opens nothing", [{ roles: undefined }], 403],
    ["with a role of another app opens nothing", [{ roles: ["Admin"] }], 403],
  ])("%s", async (_name, given, status) => {
    expect(await call(STATUS, bearer(await entra.token(...given)))).toBe(status);
  });

  test("without a signature is refused", async () => {
    const [header, payload] = (await entra.token()).split(".");
    const unsigned = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    expect(await call(STATUS, bearer(`${header}.${payload}.`))).toBe(401);
    expect(await call(STATUS, bearer(`${unsigned}.${payload}.x`))).toBe(401);
  });
});

test("the platform's own identity header proves nothing", async () => {
  const claims = { claims: [{ typ: "roles", val: "Flowgate.Operator" }] };
  const principal = Buffer.from(JSON.stringify(claims)).toString("base64");
  expect(await call("GET api/flows", { "x-ms-client-principal": principal })).toBe(401);
});

test("a key is taken as OpenAI's, Azure's and Functions' clients send it", async () => {
  const key = KEYS["reader"] ?? "";
  expect(await call("GET api/flows", { "api-key": key })).toBe(200);
  expect(await call("GET api/flows", { "x-functions-key": key })).toBe(200);
});

test("a caller that chats too often is told when to come back, and others are not held up", async () => {
  const ask = (key = ""): Promise<Response> =>
    fetch(`${flowgate.platform.host.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...bearer(key) },
      body: JSON.stringify({ model: "none", messages: [{ role: "user", content: "?" }] }),
    });
  // At once: a turn is given back every second and a half.
  const answers = await Promise.all(Array.from({ length: 80 }, () => ask(KEYS["chat"])));
  const refused = answers.find(({ status }) => status === 429);
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refused?.json()).toMatchObject({
    error: { type: "rate_limit_error", code: "rate_limit_exceeded" },
  });
  expect((await ask(KEYS["operator"])).status).toBe(404);
});
