import { beforeEach, describe, expect, test } from "vitest";
import { azureChecks } from "../../../cli/azure/azure-checks.ts";
import type { Deployment } from "../../../cli/azure/deployment.ts";
import { EXPECTED_ROLES, ROLES_OF_SERVICES } from "../../../cli/azure/expected-roles.ts";
import { lookAtSignIn } from "../../../cli/azure/look-at-sign-in.ts";
import { ModelError } from "../../../shared/errors.ts";
import { ofType, rolesOf, snapshotOf } from "../../infra/snapshot.ts";

const NOW = new Date("2026-11-26T12:00:00.000Z");
const GROUP = "/subscriptions/s/resourceGroups/rg-everything/providers";
const everything = snapshotOf("everything");
const nameOf = (type: string): string => ofType(everything, type)[0]?.name ?? "";

/** What Azure would say of the deployment that tests/infra/ knows: lists and answers by their paths. */
let lists: Record<string, object[]>;
let metrics: Record<string, number>;
let looks: number;
let health: { status: number; body: object };
let ask: Deployment["ask"];

beforeEach(() => {
  metrics = { DeliverySuccessCount: 12, DeadLetteredCount: 0 };
  looks = 30;
  ask = async (model) => ({
    text: "ready",
    toolCalls: undefined,
    finishReason: "stop",
    model: `${model}-2026-03-17`,
    usage: { inputTokens: 20, outputTokens: 10 },
    latencyMs: 420.4,
  });
  health = { status: 200, body: { status: "ok", storage: "ok", flows: 2 } };
  const topic = nameOf("Microsoft.EventGrid/systemTopics");
  const account = { id: "/subscriptions/s/oai", name: "oai-x", location: "swedencentral" };
  lists = {
    [`${GROUP}/Microsoft.Web/sites`]: ofType(everything, "Microsoft.Web/sites").map((site) => ({
      ...site,
      properties: { state: "Running", defaultHostName: `${site.name}.example.com` },
    })),
    [`${GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities`]: ofType(
      everything,
      "Microsoft.ManagedIdentity/userAssignedIdentities",
    ).map(({ name }) => ({ name, properties: { principalId: name } })),
    [`${GROUP}/Microsoft.Authorization/roleAssignments`]: ofType(
      everything,
      "Microsoft.Authorization/roleAssignments",
    ).map(({ id, properties }) => ({
      properties: {
        principalId:
          /id-[a-z-]+-[a-z0-9]{13}/.exec(String(properties["principalId"]))?.[0] ??
          (String(properties["principalId"]).includes("/systemTopics/") ? "topic-principal" : undefined),
        roleDefinitionId: /[0-9a-f-]{36}(?=\W*$)/.exec(String(properties["roleDefinitionId"]))?.[0],
        scope: /extensionResourceId\('([^']+)'/.exec(id)?.[1] ?? id,
      },
    })),
    [`${GROUP}/Microsoft.EventGrid/systemTopics`]: [
      { id: `${GROUP}/topic`, name: topic, identity: { principalId: "topic-principal" } },
    ],
    [`${GROUP}/Microsoft.Authorization/roleDefinitions`]: ofType(
      everything,
      "Microsoft.Authorization/roleDefinitions",
    ),
    [`${GROUP}/Microsoft.CognitiveServices/accounts`]: [{ name: "cs-x", kind: "ContentSafety" }],
    [`${GROUP}/Microsoft.Search/searchServices`]: [{ name: "srch-x" }],
    [`${GROUP}/topic/eventSubscriptions`]: [
      { name: "flow-changes", properties: { provisioningState: "Succeeded" } },
    ],
    [`${GROUP}/Microsoft.Insights/components`]: [{ name: "appi-x", properties: { AppId: "app" } }],
    "/subscriptions/s/providers/Microsoft.CognitiveServices/accounts": [
      { ...account, properties: { endpoint: "https://oai-abcdefghijklm.openai.azure.com/" } },
    ],
    "/subscriptions/s/oai/providers/Microsoft.Authorization/roleAssignments": ofType(
      everything,
      "Microsoft.ManagedIdentity/userAssignedIdentities",
    ).map(({ name }) => ({
      properties: {
        principalId: name,
        roleDefinitionId: "x/5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
        scope: "/subscriptions/s/oai",
      },
    })),
    "/subscriptions/s/providers/Microsoft.CognitiveServices/locations/swedencentral/models": [
      { model: { name: "gpt-5.4-mini", version: "2026-03-17", ...life("2027-03-18") } },
      { model: { name: "gpt-5.4-mini", version: "2025-01-01", ...life("2026-01-01") } },
    ],
    "/subscriptions/s/oai/deployments": ["gpt-5.4-mini", "gpt-5.4", "text-embedding-3-small"].map((name) => ({
      name,
      sku: { name: "GlobalStandard", capacity: 100 },
      properties: { provisioningState: "Succeeded", model: { name, version: "2026-03-17" } },
    })),
    "/subscriptions/s/providers/Microsoft.CognitiveServices/locations/swedencentral/usages": [
      { name: { value: "OpenAI.GlobalStandard.gpt-5.4-mini" }, currentValue: 100, limit: 2000 },
    ],
  };
});

function deployment(): Deployment {
  return {
    azure: {
      list: async <T>(path: string) => (lists[path] ?? []) as T[],
      get: async <T>() =>
        ({
          value: Object.entries(metrics).map(([value, total]) => ({
            name: { value },
            timeseries: [{ data: [{}, { total }] }],
          })),
        }) as T,
      query: async () => [{ looks, latest: "2026-11-26T11:59:30Z" }],
    },
    visit: async () => Response.json(health.body, { status: health.status }),
    subscription: "s",
    resourceGroup: "rg-everything",
    ask: (model) => ask(model),
    models: ["gpt-5.4-mini", "gpt-5.4", "text-embedding-3-small"],
    modelEndpoint: "https://oai-abcdefghijklm.openai.azure.com/",
  };
}

const life = (day: string) => ({
  lifecycleStatus: "GenerallyAvailable",
  deprecation: { inference: `${day}T00:00:00Z` },
});

const examine = async () =>
  Object.fromEntries((await azureChecks(deployment(), NOW)).map((check) => [check.name, check]));

test("of a deployment as it should be every look says what it saw", async () => {
  const found = await examine();
  expect(Object.values(found).filter(({ ok }) => !ok)).toEqual([]);
  expect(found["identities"]?.detail).toBe("chat, delivery, main, pipeline, pull-request");
  expect(found["roles"]?.detail).toBe("30 roles, each where it belongs");
  expect(found["apps"]?.detail).toMatch(/^func-pipeline-\w+ is ready and serves 2; func-chat-/);
  expect(found["events"]?.detail).toBe("12 delivered within a day, none lost");
  expect(found["telemetry"]?.detail).toContain("2026-11-26T11:59:30Z");
  expect(found["models"]?.detail).toContain(
    "gpt-5.4-mini 100k tokens a minute (100 of 2000 taken), until 2027-03-18",
  );
  expect(found["answers"]?.detail).toBe(
    "gpt-5.4-mini answers in 420 ms, for 30 tokens ($0.000060); gpt-5.4 answers in 420 ms, for 30 tokens",
  );
});

test("a day without a push is no fault, and says how to see an event", async () => {
  metrics["DeliverySuccessCount"] = 0;
  const { events } = await examine();
  expect(events).toMatchObject({ ok: true, detail: expect.stringContaining("push a flow") as string });
});

test("an answer that the limit of tokens cuts off is an answer", async () => {
  ask = async () => {
    throw new ModelError("The model answered nothing (finish reason: length).", { kind: "cut" });
  };
  expect((await examine())["answers"]).toMatchObject({ ok: true });
});

test("who is not signed in is told so in one line, and nothing of what the SDK tried", async () => {
  const credential = {
    getToken: async (): Promise<never> => {
      throw new Error(
        "ChainedTokenCredential failed.\nEnvironmentCredential is unavailable.\nAzure CLI: ...",
      );
    },
  };
  expect(await lookAtSignIn(credential)).toEqual({
    name: "sign-in",
    ok: false,
    detail: "nobody is signed in to Azure here",
    fix: "Run `az login`, then this again.",
  });
});

describe("one thing that is wrong is one finding, with its fix:", () => {
  const drop = (path: string, what: RegExp): void => {
    lists[path] = (lists[path] ?? []).filter((item) => !what.test(JSON.stringify(item)));
  };
  test.for<[string, () => void, string, RegExp, RegExp]>([
    [
      "an identity",
      () => drop(`${GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities`, /id-main-/),
      "identities",
      /of the two identities that push from GitHub one is missing/,
      /azd provision/,
    ],
    [
      "a role",
      () => drop(`${GROUP}/Microsoft.Authorization/roleAssignments`, /id-pipeline-.*containers\/cache/),
      "roles",
      /^pipeline lacks "Flowgate blob writer" on containers\/cache$/,
      /ten minutes/,
    ],
    [
      "a role on a service that is optional",
      () => drop(`${GROUP}/Microsoft.Authorization/roleAssignments`, /id-chat-.*accounts\/cs/),
      "roles",
      /^chat lacks "Cognitive Services User" on accounts\/cs$/,
      /azd provision/,
    ],
    [
      "storage that is not reached yet",
      () => (health = { status: 503, body: { status: "unavailable", storage: "lost" } }),
      "apps",
      /runs, but does not reach its storage/,
      /wait ten minutes for its roles/,
    ],
    [
      "an app without a package",
      () => drop(`${GROUP}/Microsoft.Web/sites`, /func-/),
      "apps",
      /no app of Flowgate is in rg-everything/,
      /azd deploy/,
    ],
    [
      "events that got lost",
      () => (metrics["DeadLetteredCount"] = 3),
      "events",
      /3 of a day's events/,
      /dead-letters/,
    ],
    [
      "a subscription that failed",
      () =>
        (lists[`${GROUP}/topic/eventSubscriptions`] = [
          { name: "flow-changes", properties: { provisioningState: "Failed" } },
        ]),
      "events",
      /"flow-changes" is Failed/,
      /Push a flow/,
    ],
    [
      "telemetry that is refused",
      () => (looks = 0),
      "telemetry",
      /nothing of Flowgate's reached appi-x/,
      /Monitoring Metrics Publisher/,
    ],
    [
      "a model that is not deployed",
      () => drop("/subscriptions/s/oai/deployments", /"gpt-5\.4"/),
      "models",
      /oai-x has no deployment "gpt-5.4"/,
      /FLOWGATE_MODEL/,
    ],
    [
      "a model that ends soon",
      () =>
        (lists["/subscriptions/s/providers/Microsoft.CognitiveServices/locations/swedencentral/models"] = [
          { model: { name: "gpt-5.4-mini", version: "2026-03-17", ...life("2027-01-20") } },
        ]),
      "models",
      /"gpt-5.4-mini" is gpt-5.4-mini 2026-03-17, which is GenerallyAvailable and ends on 2027-01-20/,
      /docs\/deploy.md, models/,
    ],
    [
      "a model that is deprecated",
      () =>
        (lists["/subscriptions/s/providers/Microsoft.CognitiveServices/locations/swedencentral/models"] = [
          { model: { name: "gpt-5.4", version: "2026-03-17", lifecycleStatus: "Deprecated" } },
        ]),
      "models",
      /"gpt-5.4" is gpt-5.4 2026-03-17, which is Deprecated/,
      /choose other models/,
    ],
    [
      "a role on an account of models that existed before",
      () => drop("/subscriptions/s/oai/providers/Microsoft.Authorization/roleAssignments", /id-chat-/),
      "models",
      /chat lacks "Cognitive Services OpenAI User" on oai-x: run `azd provision`/,
      /docs\/deploy.md/,
    ],
    [
      "a model that refuses who asks",
      () =>
        (ask = async () => {
          throw new ModelError("401 PermissionDenied", { kind: "invalid", status: 401 });
        }),
      "answers",
      /401 PermissionDenied/,
      /Cognitive Services OpenAI User/,
    ],
    [
      "a model with too little quota",
      () =>
        (lists["/subscriptions/s/oai/deployments"] = (lists["/subscriptions/s/oai/deployments"] ?? []).map(
          (item) => ({
            ...item,
            sku: { name: "GlobalStandard", capacity: 1 },
          }),
        )),
      "models",
      /may use 1 thousand tokens a minute/,
      /capacity/,
    ],
  ])("%s", async ([, break_, name, detail, fix]) => {
    break_();
    const found = await examine();
    expect(Object.values(found).filter(({ ok }) => !ok)).toHaveLength(1);
    expect(found[name]?.detail).toMatch(detail);
    expect(found[name]?.fix).toMatch(fix);
  });
});

test("the roles that are looked for are those that infra/ assigns", () => {
  const assigned = rolesOf(everything);
  for (const [part, roles] of Object.entries(EXPECTED_ROLES)) {
    const needed = (assigned[part] ?? []).map((role) => role.replace(" (condition)", ""));
    const isApp = part === "pipeline" || part === "chat";
    const looked = [...roles, ...(isApp ? Object.values(ROLES_OF_SERVICES) : [])];
    expect([part, new Set(looked.map(({ name, on }) => `${name} on ${on}`))]).toEqual([
      part,
      new Set(needed),
    ]);
  }
});
