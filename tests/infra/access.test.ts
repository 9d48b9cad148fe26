import { expect, test } from "vitest";
import { ofType, rolesOf, snapshotOf } from "./snapshot.ts";

const everything = snapshotOf("everything");
const smallest = snapshotOf("smallest");

/** What an app needs to run, whatever it serves. */
const APP = (name: string) => [
  `Storage Blob Data Contributor on containers/azure-webjobs-hosts`,
  `Storage Blob Data Contributor on containers/azure-webjobs-secrets`,
  `Storage Blob Data Contributor on containers/packages-${name}`,
  "Storage Table Data Contributor on storageAccounts/st",
  "Monitoring Metrics Publisher on components/appi",
  "Cognitive Services OpenAI User on accounts/oai",
];
const PIPELINE = [
  ...APP("pipeline"),
  "Storage Blob Data Reader on containers/flows",
  "Storage Blob Data Reader on containers/proposals",
  "Flowgate blob writer on containers/registry",
  "Flowgate blob writer on containers/cache",
  "Flowgate blob writer on containers/traffic",
  "Storage Queue Data Contributor on storageAccounts/st",
  "EventGrid Data Sender on topics/evgt-flowgate",
];
const SERVICES = [
  "Cognitive Services User on accounts/cs",
  "Search Index Data Reader on searchServices/srch",
];
const DELIVERY = [
  "Storage Blob Data Contributor on containers/dead-letters",
  "Storage Queue Data Message Sender on queues/flow-changes",
];

test("one app alone has one identity, which reads what was pushed and writes what follows from it", () => {
  expect(rolesOf(smallest)).toEqual({ pipeline: PIPELINE.toSorted(), delivery: DELIVERY.toSorted() });
});

test("of two apps the one that chats may change no release, version, flow or ledger", () => {
  const roles = rolesOf(everything);
  expect(roles["pipeline"]).toEqual([...PIPELINE, ...SERVICES].toSorted());
  expect(roles["chat"]).toEqual(
    [
      ...APP("chat"),
      ...SERVICES,
      "Flowgate blob writer on containers/registry (condition)",
      "Flowgate blob writer on containers/traffic",
      "Storage Queue Data Message Sender on queues/turn-samples",
    ].toSorted(),
  );
});

test("the chat app's condition lets it write what clients spent and the key of turns' names alone", () => {
  const [condition, ...others] = ofType(everything, "Microsoft.Authorization/roleAssignments").flatMap(
    ({ properties }) => (typeof properties["condition"] === "string" ? [properties["condition"]] : []),
  );
  expect(others).toEqual([]);
  const [actions = "", paths] = condition?.split(" OR (") ?? [];
  for (const action of ["write", "add/action", "delete", "move/action"]) {
    expect(actions).toContain(
      `!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${action}'})`,
    );
  }
  expect([...(paths ?? "").matchAll(/String\w+ '([^']+)'/g)].map(([, path]) => path)).toEqual([
    "*/spend/chat/*",
    ".turn-key.json",
  ]);
});

test("the main branch and pull requests sign in as two identities, each of which may write its own container only", () => {
  const roles = rolesOf(everything);
  expect(roles["main"]).toEqual(["Flowgate blob writer on containers/flows"]);
  expect(roles["pull-request"]).toEqual(["Flowgate blob writer on containers/proposals"]);
  const credentials = ofType(
    everything,
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  ).map(({ id, properties }) => [/id-([a-z-]+)-[a-z0-9]{13}/.exec(id)?.[1], properties["subject"]]);
  expect(credentials).toEqual([
    ["main", "repo:contoso/shop:ref:refs/heads/main"],
    ["main", "repo:contoso@9919/shop@821093847:ref:refs/heads/main"],
    ["pull-request", "repo:contoso/shop:pull_request"],
    ["pull-request", "repo:contoso@9919/shop@821093847:pull_request"],
  ]);
});

test("who writes flows, versions or traffic may do so to blobs, and may make, change or delete no container", () => {
  for (const resources of [smallest, everything]) {
    const [role, ...others] = ofType(resources, "Microsoft.Authorization/roleDefinitions");
    expect(others).toEqual([]);
    const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    expect(role?.properties["permissions"]).toEqual([
      {
        actions: [],
        notActions: [],
        dataActions: ["read", "write", "add/action", "move/action", "delete"].map((one) => `${blobs}/${one}`),
        notDataActions: [],
      },
    ]);
    expect(role?.properties["assignableScopes"]).toEqual([
      expect.stringMatching(/\/resourceGroups\/rg-\w+$/),
    ]);
    // Of Azure's own, this one deletes containers: it is left to the host's own and to what could not be delivered.
    const withContainers = Object.values(rolesOf(resources))
      .flat()
      .filter((given) => given.startsWith("Storage Blob Data Contributor"))
      .map((given) => given.split("containers/")[1]);
    expect(
      withContainers.filter((name) => !/^(azure-webjobs|packages-|dead-letters)/.test(name ?? "")),
    ).toEqual([]);
  }
});

test("who deploys may push and look, and nobody else has a role", () => {
  const roles = rolesOf(everything);
  expect(roles["11111111-1111-1111-1111-111111111111"]).toEqual([
    "Cognitive Services OpenAI User on accounts/oai",
    "Flowgate blob writer on containers/flows",
    "Reader on everything",
  ]);
  expect(Object.keys(roles).toSorted()).toEqual([
    "11111111-1111-1111-1111-111111111111",
    "chat",
    "delivery",
    "main",
    "pipeline",
    "pull-request",
  ]);
  expect(roles["delivery"]).toEqual(DELIVERY);
});

test("models of an account that exists may be asked, by a role on that account", () => {
  const roles = rolesOf(snapshotOf("existing-models"));
  expect(roles["pipeline"]).toContain("Cognitive Services OpenAI User on accounts/contoso-models");
});

test("an app has no identity but its own", () => {
  for (const resources of [smallest, everything]) {
    for (const { tags, identity } of ofType(resources, "Microsoft.Web/sites")) {
      const names = Object.keys(identity?.userAssignedIdentities ?? {}).map((id) => id.split("/").at(-1));
      expect(identity?.type).toBe("UserAssigned");
      expect(names).toEqual([expect.stringMatching(`^id-${tags?.["azd-service-name"]}-`)]);
    }
  }
});
