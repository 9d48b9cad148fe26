import { describe, expect, test } from "vitest";
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
        alwaysReady: [
          { name: "http", instanceCount: 2 },
          { name: "function:shard-queued", instanceCount: 1 },
        ],
        triggers: { http: { perInstanceConcurrency: 64 } },
      },
    });
  }
  const { pipeline } = appSettings(everything);
  expect(pipeline?.["AzureFunctionsJobHost__extensions__queues__batchSize"]).toBe("4");
});

test("a budget tells of what is spent, where one is set", () => {
  const budget = ofType(everything, "Microsoft.Consumption/budgets")[0]?.properties;
  expect(budget).toMatchObject({ amount: 500, timeGrain: "Monthly" });
  expect(JSON.stringify(budget)).toContain("operations@example.com");
  expect(ofType(smallest, "Microsoft.Consumption/budgets")).toEqual([]);
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
