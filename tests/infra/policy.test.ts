import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { costOf } from "../../shared/flow/prices.ts";
import { appSettings, ofType, snapshotOf, type Resource } from "./snapshot.ts";

const everything = snapshotOf("everything");
const smallest = snapshotOf("smallest");

/** The parts that would take a key, and what says that they do not. */
const WITHOUT_KEYS: Record<string, Record<string, unknown>> = {
  "Microsoft.Storage/storageAccounts": { allowSharedKeyAccess: false },
  "Microsoft.EventGrid/topics": { disableLocalAuth: true },
  "Microsoft.CognitiveServices/accounts": { disableLocalAuth: true },
  "Microsoft.Search/searchServices": { disableLocalAuth: true },
  "Microsoft.Insights/components": { DisableLocalAuth: true },
  "Microsoft.OperationalInsights/workspaces": {
    features: expect.objectContaining({ disableLocalAuth: true }),
  },
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies": { allow: false },
};

describe.each([
  ["smallest", smallest],
  ["everything", everything],
  ["existing-models", snapshotOf("existing-models")],
])("%s", (_name, resources) => {
  test("takes no key anywhere", () => {
    for (const [type, wanted] of Object.entries(WITHOUT_KEYS)) {
      for (const { name, properties } of ofType(resources, type)) {
        expect([name, properties]).toEqual([name, expect.objectContaining(wanted)]);
      }
    }
    const sites = ofType(resources, "Microsoft.Web/sites").length;
    expect(ofType(resources, "Microsoft.Web/sites/basicPublishingCredentialsPolicies")).toHaveLength(
      2 * sites,
    );
    expect(JSON.stringify(resources)).not.toMatch(/listKeys|AccountKey=|SharedAccessKey|listAdminKeys/);
  });

  test("speaks TLS 1.2 at least, and https alone", () => {
    expect(ofType(resources, "Microsoft.Storage/storageAccounts")[0]?.properties).toMatchObject({
      minimumTlsVersion: "TLS1_2",
      supportsHttpsTrafficOnly: true,
    });
    expect(ofType(resources, "Microsoft.EventGrid/topics")[0]?.properties).toMatchObject({
      minimumTlsVersionAllowed: "1.2",
    });
    for (const { properties } of ofType(resources, "Microsoft.Web/sites")) {
      expect(properties).toMatchObject({
        httpsOnly: true,
        siteConfig: { minTlsVersion: "1.2", scmMinTlsVersion: "1.2", ftpsState: "Disabled" },
      });
    }
  });

  test("shows no blob to the public, and keeps what is deleted by mistake for a fortnight", () => {
    expect(ofType(resources, "Microsoft.Storage/storageAccounts")[0]?.properties).toMatchObject({
      allowBlobPublicAccess: false,
      defaultToOAuthAuthentication: true,
    });
    const containers = ofType(resources, "Microsoft.Storage/storageAccounts/blobServices/containers");
    expect(new Set(containers.map(({ properties }) => properties["publicAccess"]))).toEqual(
      new Set(["None"]),
    );
    expect(ofType(resources, "Microsoft.Storage/storageAccounts/blobServices")[0]?.properties).toMatchObject({
      deleteRetentionPolicy: { enabled: true, days: 14 },
      containerDeleteRetentionPolicy: { enabled: true, days: 14 },
    });
  });

  test("sends the diagnostics of every part that has them to the workspace", () => {
    const observed = ofType(resources, "Microsoft.Insights/diagnosticSettings").map(({ id, properties }) => {
      expect(properties["workspaceId"]).toMatch(/\/workspaces\/log-/);
      return id.split("/providers/Microsoft.Insights/")[0];
    });
    const observable = resources.filter(({ type }) => WITH_DIAGNOSTICS.has(type)).map(({ id }) => id);
    expect(observed).toHaveLength(observable.length);
    expect(new Set(observed)).toEqual(new Set(observable));
  });

  test("names its environment on every part that carries tags, so that `azd down` finds them", () => {
    const untagged = resources.filter(({ type, tags }) => TAGGED.has(type) && !tags?.["azd-env-name"]);
    expect(untagged.map(({ name }) => name)).toEqual([]);
  });
});

const WITH_DIAGNOSTICS = new Set([
  "Microsoft.Storage/storageAccounts/blobServices",
  "Microsoft.Storage/storageAccounts/queueServices",
  "Microsoft.Storage/storageAccounts/tableServices",
  "Microsoft.EventGrid/topics",
  "Microsoft.EventGrid/systemTopics",
  "Microsoft.CognitiveServices/accounts",
  "Microsoft.Search/searchServices",
  "Microsoft.Web/sites",
]);
const TAGGED = new Set([
  ...WITH_DIAGNOSTICS,
  "Microsoft.Storage/storageAccounts",
  "Microsoft.ManagedIdentity/userAssignedIdentities",
  "Microsoft.Network/virtualNetworks",
  "Microsoft.Network/privateEndpoints",
  "Microsoft.Resources/resourceGroups",
]);
for (const part of ["blobServices", "queueServices", "tableServices"]) {
  TAGGED.delete(`Microsoft.Storage/storageAccounts/${part}`);
}

test("in a network of its own nothing is reached from outside but the apps", () => {
  const storage = ofType(everything, "Microsoft.Storage/storageAccounts")[0];
  expect(storage?.properties["networkAcls"]).toEqual({
    defaultAction: "Deny",
    bypass: "AzureServices",
    ipRules: [{ value: "203.0.113.7", action: "Allow" }],
  });
  for (const type of [
    "Microsoft.CognitiveServices/accounts",
    "Microsoft.Search/searchServices",
    "Microsoft.EventGrid/topics",
  ]) {
    for (const { properties } of ofType(everything, type)) {
      expect(String(properties["publicNetworkAccess"])).toMatch(/^disabled$/i);
    }
  }
  const reached = ofType(everything, "Microsoft.Network/privateEndpoints").flatMap(({ properties }) =>
    (properties["privateLinkServiceConnections"] as { properties: { groupIds: string[] } }[]).flatMap(
      (connection) => connection.properties.groupIds,
    ),
  );
  expect(reached.toSorted()).toEqual([
    "account",
    "account",
    "blob",
    "queue",
    "searchService",
    "table",
    "topic",
  ]);
  const subnets = ofType(everything, "Microsoft.Web/sites").map(({ properties }) =>
    String(properties["virtualNetworkSubnetId"]).split("/").at(-1),
  );
  expect(new Set(subnets)).toEqual(new Set(["chat", "pipeline"]));
});

test("models in an account that exists are reached in the network too, under the account's own domain", () => {
  const resources = snapshotOf("existing-models");
  const endpoint = ofType(resources, "Microsoft.Network/privateEndpoints").find(({ name }) =>
    name.startsWith("pe-models-"),
  );
  expect(JSON.stringify(endpoint)).toContain(
    "/resourceGroups/rg-shared/providers/Microsoft.CognitiveServices/accounts/contoso-models",
  );
  const zones = ofType(resources, "Microsoft.Network/privateDnsZones").map(({ name }) => name);
  expect(zones).toContainEqual(
    expect.stringMatching(/^\[format\('privatelink\.\{0\}'.*contoso-models.*endpoint/),
  );
});

test("an app runs from its own container, by its own identity, as wide as it was asked to", () => {
  for (const { tags, properties } of ofType(everything, "Microsoft.Web/sites")) {
    const service = tags?.["azd-service-name"] ?? "";
    expect(properties["functionAppConfig"]).toMatchObject({
      runtime: { name: "node", version: "22" },
      deployment: {
        storage: {
          type: "blobContainer",
          value: expect.stringContaining(`'${service}'`),
          authentication: {
            type: "UserAssignedIdentity",
            userAssignedIdentityResourceId: expect.stringContaining(`/id-${service}-`),
          },
        },
      },
      scaleAndConcurrency: {
        alwaysReady: expect.arrayContaining([{ name: "http", instanceCount: 2 }]),
        triggers: { http: { perInstanceConcurrency: 64 } },
      },
    });
  }
  const [site] = ofType(everything, "Microsoft.Web/sites");
  expect(site?.properties["functionAppConfig"]).toMatchObject({
    scaleAndConcurrency: {
      alwaysReady: [{ name: "http" }, { name: "function:shard-queued", instanceCount: 1 }],
    },
  });
  const { pipeline } = appSettings(everything);
  expect(pipeline?.["AzureFunctionsJobHost__extensions__queues__batchSize"]).toBe("4");
});

test("a budget tells of what is spent, where one is set", () => {
  const budget = ofType(everything, "Microsoft.Consumption/budgets")[0]?.properties;
  expect(budget).toMatchObject({ amount: 500, timeGrain: "Monthly" });
  expect(JSON.stringify(budget)).toContain("operations@example.com");
  expect(ofType(smallest, "Microsoft.Consumption/budgets")).toEqual([]);
  // Without addresses the owners are told: a notification to nobody is refused.
  const [owners] = ofType(snapshotOf("existing-models"), "Microsoft.Consumption/budgets");
  for (const told of Object.values(owners?.properties["notifications"] as Record<string, object>)) {
    expect(told).toMatchObject({ contactEmails: [], contactRoles: ["Owner"] });
  }
});

test("what is old is deleted, and nothing of the registry ever", () => {
  const [policy] = ofType(smallest, "Microsoft.Storage/storageAccounts/managementPolicies") as [Resource];
  const { rules } = (policy.properties as { policy: { rules: Rule[] } }).policy;
  const deleted = rules.filter((rule) => rule.definition.actions.baseBlob.delete);
  expect(deleted.flatMap((rule) => rule.definition.filters.prefixMatch)).toEqual([
    "cache/",
    "traffic/",
    "dead-letters/",
    "proposals/",
  ]);
});

interface Rule {
  definition: {
    filters: { prefixMatch: string[] };
    actions: { baseBlob: { delete?: object } };
  };
}

/** Of which the price is known, so that budgets of `FLOWGATE_DAILY_COST` hold from the first day. */
test("models are deployed where they may answer from anywhere, by a version that does not change, at a price that is known", () => {
  const deployed = ofType(smallest, "Microsoft.CognitiveServices/accounts/deployments") as (Resource & {
    sku: { name: string; capacity: number };
  })[];
  expect(deployed.length).toBeGreaterThan(1);
  for (const { name, sku, properties } of deployed) {
    const { model } = properties as { model: { name: string; version?: string } };
    // `Standard` is offered in few regions, and of small embedding models not in the default one.
    expect([name, sku.name]).toEqual([name, "GlobalStandard"]);
    expect(model.version).toMatch(/^(\d{4}-\d{2}-\d{2}|\d+)$/);
    expect(properties["versionUpgradeOption"]).toBe("NoAutoUpgrade");
    expect(RETIRING.filter((old) => model.name === old)).toEqual([]);
    if (!model.name.startsWith("text-embedding")) {
      expect(costOf(model.name, { inputTokens: 1, outputTokens: 1 })).toBeGreaterThan(0);
    }
  }
});

/** By Microsoft's schedule of July 2026: new subscriptions cannot deploy them. */
const RETIRING = ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "o3-mini", "o4-mini"];

test("models of an account that exists are used as they are", () => {
  const resources = snapshotOf("existing-models");
  expect(ofType(resources, "Microsoft.CognitiveServices/accounts/deployments")).toEqual([]);
});

test("what is deployed is what main.bicepparam hands over where azd's environment says nothing of it", () => {
  const file = readFileSync(path.resolve(import.meta.dirname, "../../infra/main.bicepparam"), "utf8");
  const defaults = Object.fromEntries(
    [...file.matchAll(/readEnvironmentVariable\('(\w+)', '([^']*)'\)/g)].map(([, name = "", value]) => [
      name,
      value,
    ]),
  );
  const deployed = ofType(smallest, "Microsoft.CognitiveServices/accounts/deployments") as (Resource & {
    sku: { name: string; capacity: number };
  })[];
  for (const [index, prefix] of ["FLOWGATE_MODEL", "FLOWGATE_EMBEDDING_MODEL"].entries()) {
    const { sku, properties } = deployed[index] as (typeof deployed)[number];
    const { model } = properties as { model: { name: string; version: string } };
    expect([defaults[prefix], defaults[`${prefix}_VERSION`]]).toEqual([model.name, model.version]);
    expect([defaults[`${prefix}_SKU`], Number(defaults[`${prefix}_CAPACITY`])]).toEqual([
      sku.name,
      sku.capacity,
    ]);
  }
  for (const part of ["", "_VERSION", "_SKU", "_CAPACITY"]) {
    expect(defaults[`FLOWGATE_JUDGE_MODEL${part}`]).toBe(defaults[`FLOWGATE_MODEL${part}`]);
  }
});

test("events are delivered by the topic's own identity, which a closed storage lets in", () => {
  const [topic] = ofType(everything, "Microsoft.EventGrid/systemTopics");
  expect(topic?.identity).toEqual({ type: "SystemAssigned" });
  const [subscription] = ofType(everything, "Microsoft.EventGrid/systemTopics/eventSubscriptions");
  expect(JSON.stringify(subscription?.properties)).not.toContain("UserAssigned");
});

test("of two apps the one that chats keeps no instance ready for functions that it lacks", () => {
  const [chat] = ofType(everything, "Microsoft.Web/sites").filter(
    ({ tags }) => tags?.["azd-service-name"] === "chat",
  );
  expect(chat?.properties["functionAppConfig"]).toMatchObject({
    scaleAndConcurrency: { alwaysReady: [{ name: "http", instanceCount: 2 }] },
  });
});

test("logs are kept for as long as Application Insights allows, and the guide names each choice", () => {
  const main = readFileSync(path.resolve(import.meta.dirname, "../../infra/main.bicep"), "utf8");
  const allowed = /@allowed\(\[([\d, ]+)\]\)\s+param retentionDays/.exec(main)?.[1]?.split(", ");
  expect(allowed).toEqual(["30", "60", "90", "120", "180", "270", "365", "550", "730"]);
  const guide = readFileSync(path.resolve(import.meta.dirname, "../../docs/deploy.md"), "utf8");
  const row = guide.split("\n").find((line) => line.startsWith("| `FLOWGATE_RETENTION_DAYS`"));
  for (const days of allowed ?? []) expect(row).toMatch(new RegExp(`\\b${days}\\b`));
});

test("what azd keeps of an environment fits together: no model's name without its version", () => {
  const main = readFileSync(path.resolve(import.meta.dirname, "../../infra/main.bicep"), "utf8");
  const outputs = [...main.matchAll(/^output (\w+)/gm)].map(([, name = ""]) => name);
  const models = outputs.filter((name) => name.endsWith("MODEL"));
  expect(models).toHaveLength(3);
  expect(models.filter((name) => !outputs.includes(`${name}_VERSION`))).toEqual([]);
});

test("who deploys may be a person or a pipeline: without a type from azd none is claimed", () => {
  const types = ofType(everything, "Microsoft.Authorization/roleAssignments")
    .map(({ properties }) => properties["principalType"])
    .filter((type) => type !== "ServicePrincipal");
  expect(types).toEqual([null, null, null]);
});

test("what azd's environment may set is in the guide", () => {
  const file = readFileSync(path.resolve(import.meta.dirname, "../../infra/main.bicepparam"), "utf8");
  const guide = readFileSync(path.resolve(import.meta.dirname, "../../docs/deploy.md"), "utf8");
  const names = [...file.matchAll(/readEnvironmentVariable\('(FLOWGATE_\w+)'/g)].map(([, name = ""]) => name);
  const ofModels = /^(FLOWGATE_\w*MODEL)_(VERSION|SKU|CAPACITY)$/;
  const missing = names.filter((name) => !guide.includes(`\`${ofModels.exec(name)?.[1] ?? name}\``));
  expect(names.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});
