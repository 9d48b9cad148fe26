import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { subjectOfContainer } from "../../local/events/subscription.ts";
import { CONTAINERS } from "../../shared/ports/blob-store.ts";
import { QUEUES } from "../../shared/ports/queue.ts";
import { readSettings } from "../../shared/settings.ts";
import { appSettings, ofType, snapshotOf } from "./snapshot.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const everything = snapshotOf("everything");
const smallest = snapshotOf("smallest");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

/** Settings that a deployment leaves alone, and why. */
const NOT_OF_A_DEPLOYMENT: Record<string, string> = {
  FLOWGATE_PORT: "the embedded host's",
  FLOWGATE_DATA: "the embedded platform's",
  FLOWGATE_URL: "the command's",
  FLOWGATE_KEY: "the command's",
  AZURE_SUBSCRIPTION_ID: "the command's",
  AZURE_RESOURCE_GROUP: "the command's",
  AzureWebJobsStorage: "a connection string holds a key",
  AZURE_OPENAI_API_KEY: "a key",
  AZURE_CONTENT_SAFETY_KEY: "a key",
  EVENT_GRID_TOPIC_KEY: "a key",
  OPENAI_API_KEY: "a key, of another service",
  OPENAI_BASE_URL: "of another service",
  FLOWGATE_ENTRA_AUTHORITY: "of other clouds: by the parameter `settings`",
  ...Object.fromEntries(
    [
      "AZURE_TENANT_ID",
      "AZURE_CLIENT_ID",
      "ACTIONS_ID_TOKEN_REQUEST_URL",
      "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
      "GITHUB_API_URL",
      "GITHUB_SERVER_URL",
      "GITHUB_REPOSITORY",
      "GITHUB_TOKEN",
      "GITHUB_EVENT_NAME",
      "GITHUB_EVENT_PATH",
      "GITHUB_SHA",
      "GITHUB_RUN_ID",
      "GITHUB_STEP_SUMMARY",
    ].map((name) => [name, "for the command in a GitHub workflow"]),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: "beside Application Insights, for who wants it: by the parameter `settings`",
  FLOWGATE_CHAT_PER_MINUTE: "its default fits: by the parameter `settings`",
  ...Object.fromEntries(
    ["TRACES_ENDPOINT", "METRICS_ENDPOINT", "LOGS_ENDPOINT"]
      .concat(["PROTOCOL", "TRACES_PROTOCOL", "METRICS_PROTOCOL", "LOGS_PROTOCOL"])
      .map((name) => [`OTEL_EXPORTER_OTLP_${name}`, "as OTEL_EXPORTER_OTLP_ENDPOINT"]),
  ),
  FLOWGATE_SETTLE_MS: "its default fits: by the parameter `settings`",
  FLOWGATE_CAPTURE_CONTENT: "its default fits: by the parameter `settings`",
  FLOWGATE_MODEL_CONCURRENCY: "its default fits: by the parameter `settings`",
  FLOWGATE_PRICES: "its default fits: by the parameter `settings`",
  FLOWGATE_DAILY_TOKENS: "no limit unless one is wanted: by the parameter `settings`",
  FLOWGATE_DAILY_COST: "no limit unless one is wanted: by the parameter `settings`",
  FLOWGATE_CHAT_DAILY_TOKENS: "no limit unless one is wanted: by the parameter `settings`",
  FLOWGATE_CHAT_DAILY_COST: "no limit unless one is wanted: by the parameter `settings`",
};

/** What is set for others than Flowgate: the Functions host and the SDKs. */
const OF_THE_PLATFORM = new Set([
  "AzureWebJobsStorage__credential",
  "AzureWebJobsStorage__clientId",
  "AZURE_CLIENT_ID",
  "APPLICATION_INSIGHTS_NO_STATSBEAT",
  "NODE_COMPILE_CACHE",
  "AzureFunctionsJobHost__extensions__queues__batchSize",
  "AzureFunctionsJobHost__extensions__queues__newBatchThreshold",
]);

/** Every variable that shared/settings.ts reads. */
function settingsRead(): string[] {
  const schema = /const environmentSchema = z\.object\(\{([\s\S]*?)\n\}\);/.exec(
    read("shared/settings.ts"),
  )?.[1];
  return [...(schema ?? "").matchAll(/^ {2}(\w+):/gm)].map(([, name = ""]) => name);
}

test("every container and queue that the code uses is there, each queue with its poison queue", () => {
  const containers = ofType(smallest, "Microsoft.Storage/storageAccounts/blobServices/containers");
  const names = containers.map(({ name }) => name.split("/").at(-1));
  expect(names).toEqual(expect.arrayContaining([...CONTAINERS]));
  const platform = [
    "packages-pipeline",
    "packages-chat",
    "azure-webjobs-hosts",
    "azure-webjobs-secrets",
    "dead-letters",
  ];
  expect(names.filter((name) => !CONTAINERS.some((known) => known === name))).toEqual(platform);

  const queues = ofType(smallest, "Microsoft.Storage/storageAccounts/queueServices/queues");
  expect(queues.map(({ name }) => name.split("/").at(-1))).toEqual([
    ...QUEUES,
    ...QUEUES.map((queue) => `${queue}-poison`),
  ]);
});

test("changes of flows reach the queue by the filter that the embedded platform has, and are dead-lettered", () => {
  const [subscription] = ofType(smallest, "Microsoft.EventGrid/systemTopics/eventSubscriptions");
  expect(subscription?.properties["filter"]).toMatchObject({
    includedEventTypes: ["Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted"],
    advancedFilters: [
      {
        operatorType: "StringBeginsWith",
        key: "subject",
        values: ["flows", "proposals"].map(subjectOfContainer),
      },
    ],
  });
  expect(subscription?.properties).toMatchObject({
    eventDeliverySchema: "EventGridSchema",
    deliveryWithResourceIdentity: {
      identity: { type: "SystemAssigned" },
      destination: { endpointType: "StorageQueue", properties: { queueName: QUEUES[0] } },
    },
    deadLetterWithResourceIdentity: {
      identity: { type: "SystemAssigned" },
      deadLetterDestination: { properties: { blobContainerName: "dead-letters" } },
    },
  });
});

test("every setting that the code reads is set, or is none of a deployment's", () => {
  const known = settingsRead();
  expect(known.length).toBeGreaterThan(30);
  for (const settings of Object.values({ ...appSettings(smallest), ...appSettings(everything) })) {
    const open = known.filter((name) => !(name in settings) && !(name in NOT_OF_A_DEPLOYMENT));
    expect(open).toEqual([]);
    const unread = Object.keys(settings).filter(
      (name) => !known.includes(name) && !OF_THE_PLATFORM.has(name),
    );
    expect(unread).toEqual([]);
  }
  expect(Object.keys(NOT_OF_A_DEPLOYMENT).filter((name) => !known.includes(name))).toEqual([]);
});

test("what is set is accepted by the code, and is what was asked for", () => {
  const { pipeline = {}, chat = {} } = appSettings(everything);
  const known = (settings: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, value.startsWith("[") ? EXAMPLE[name] : value]),
    );
  const settings = readSettings(known(pipeline));
  expect(settings.storage).toEqual({ accountName: expect.stringMatching(/^st[a-z0-9]{13}$/) });
  expect(settings.telemetry?.byIdentity).toBe(true);
  expect(settings.connections["search"]?.endpoint).toMatch(/^https:\/\/srch-.*\.search\.windows\.net$/);
  expect(settings.access).toMatchObject({ open: false, entra: { tenant: expect.stringMatching(/^2222/) } });
  expect(settings.chatBudget.cost).toBe(20);
  expect([pipeline["FLOWGATE_SERVES"], chat["FLOWGATE_SERVES"]]).toEqual(["pipeline", "chat"]);
  expect(appSettings(smallest)["pipeline"]?.["FLOWGATE_SERVES"]).toBe("all");
});

/** For what is known only when it is deployed. */
const EXAMPLE: Record<string, string> = {
  APPLICATIONINSIGHTS_CONNECTION_STRING: "InstrumentationKey=1;IngestionEndpoint=https://in.example.com/",
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "Authorization=AAD;ClientId=1",
  AZURE_CONTENT_SAFETY_ENDPOINT: "https://cs.example.com/",
  AZURE_OPENAI_ENDPOINT: "https://oai.example.com/",
  EVENT_GRID_TOPIC_ENDPOINT: "https://topic.example.com/api/events",
};

test("the models that are deployed are those that the settings name", () => {
  const deployed = ofType(smallest, "Microsoft.CognitiveServices/accounts/deployments").map(({ name }) =>
    name.split("/").at(-1),
  );
  const { pipeline = {} } = appSettings(smallest);
  expect(deployed).toEqual(
    // Answers and judges share a deployment unless another model judges.
    ["FLOWGATE_MODEL", "FLOWGATE_EMBEDDING_MODEL"].map((name) => pipeline[name]),
  );
  expect(pipeline["FLOWGATE_JUDGE_MODEL"]).toBe(pipeline["FLOWGATE_MODEL"]);
});

test("azure.yaml deploys to the apps that are made, one alone or both", () => {
  const { services } = parse(read("azure.yaml")) as { services: Record<string, { condition?: string }> };
  expect(Object.keys(services)).toEqual(Object.keys(appSettings(everything)));
  const unconditional = Object.keys(services).filter((name) => services[name]?.condition === undefined);
  expect(unconditional).toEqual(Object.keys(appSettings(smallest)));
});

test("what the command reads is among the outputs, under the same name", () => {
  const outputs = [...read("infra/main.bicep").matchAll(/^output (\w+) /gm)].map(([, name]) => name);
  expect(outputs).toEqual(
    expect.arrayContaining([
      "FLOWGATE_URL",
      "AzureWebJobsStorage__accountName",
      "AZURE_OPENAI_ENDPOINT",
      "FLOWGATE_MODEL",
      "FLOWGATE_JUDGE_MODEL",
      "FLOWGATE_EMBEDDING_MODEL",
      "APPLICATIONINSIGHTS_CONNECTION_STRING",
      "EVENT_GRID_TOPIC_ENDPOINT",
      "AZURE_SUBSCRIPTION_ID",
      "AZURE_RESOURCE_GROUP",
    ]),
  );
  const known = settingsRead();
  const others = ["AZURE_TENANT_ID", "FLOWGATE_CHAT_URL"];
  // A version goes with its model's name, for the next provision.
  const unread = outputs.filter(
    (name = "") => !known.includes(name) && !others.includes(name) && !name.endsWith("MODEL_VERSION"),
  );
  expect(unread).toEqual(["MAIN_CLIENT_ID", "PULL_REQUEST_CLIENT_ID"]);
});
