import { createSystemClock } from "../shared/adapters/system-clock.ts";
import { createSilentTelemetry } from "../shared/adapters/silent-telemetry.ts";
import { OFFLINE_STAND_IN } from "../shared/model/offline-stand-in.ts";
import type { ChatAnswer } from "../shared/ports/chat-model.ts";
import type { ModelSettings, Settings } from "../shared/settings.ts";
import { check, type Check } from "./check.ts";
import type { Connection } from "./connection.ts";
import { CommandError } from "./command-error.ts";
import { createManagementApi, nothingAnswers } from "./management-api.ts";

/** Looks at everything a flow's way to production needs. Never throws: what fails is a finding. */
export function doctorChecks(
  settings: Settings,
  connection: Connection,
  signal: AbortSignal,
): Promise<Check[]> {
  return Promise.all([
    node(),
    check("platform", "Start one with `npm start`, or name it with --url and who asks with --key.", () =>
      platform(connection, signal),
    ),
    check("storage", "Start the platform with `npm start`, or set AzureWebJobsStorage.", () =>
      storage(connection),
    ),
    check("model", "Start the platform with `npm start`, or set a model: docs/settings.md.", () =>
      model(settings, connection, signal),
    ),
    check("telemetry", "See APPLICATIONINSIGHTS_CONNECTION_STRING in docs/settings.md.", () =>
      address("telemetry", telemetryAddress(settings) ?? connection.local?.telemetry, signal),
    ),
    check("topic", "See EVENT_GRID_TOPIC_ENDPOINT in docs/settings.md.", () =>
      address("events", settings.eventGrid?.endpoint ?? connection.local?.topic, signal),
    ),
  ]);
}

/** Looks at a deployment in Azure: at what it answers, and at its resources. Never throws: what fails is a finding. */
export async function deployedChecks(
  settings: Settings,
  connection: Connection,
  signal: AbortSignal,
): Promise<Check[]> {
  const { azure } = settings;
  if (!azure) {
    throw new CommandError(
      'Nothing says which deployment: run `set -a; eval "$(azd env get-values)"; set +a`, or set AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP.',
    );
  }
  const { createAzureView } = await import("../shared/adapters/azure/azure-view.ts");
  const { createLazyCredential } = await import("../shared/adapters/azure/lazy-credential.ts");
  const { azureChecks } = await import("./azure/azure-checks.ts");
  const { lookAtSignIn } = await import("./azure/look-at-sign-in.ts");
  const credential = createLazyCredential();
  const signIn = await lookAtSignIn(credential);
  if (!signIn.ok) return [await node(), signIn];
  const { connection: model, chat, judge, embedding } = settings.model;
  const deployment = {
    ...azure,
    azure: createAzureView(credential, { signal }),
    visit: (url: string) => fetch(url, { signal }),
    ask: (name: string) => askOneWord(settings, name, signal),
    models: [chat, judge, embedding],
    modelEndpoint: model?.kind === "azure" ? model.endpoint : undefined,
  };
  const checks = await Promise.all([
    Promise.all([
      node(),
      check(
        "platform",
        "See docs/access.md for a key or a token, and give it by --key or FLOWGATE_KEY.",
        () => platform(connection, signal),
      ),
    ]),
    azureChecks(deployment, new Date()),
  ]);
  return checks.flat();
}

function node(): Promise<Check> {
  return check("node", "Install Node 24.", async () => `${process.versions.node}, runs TypeScript`);
}

async function platform(connection: Connection, signal: AbortSignal): Promise<string> {
  const { url } = connection;
  const answer = await fetch(`${url}/api/health`, { signal }).catch((error: unknown) => {
    throw nothingAnswers(url, error);
  });
  const health = answer.ok ? ((await answer.json()) as { status?: string; version?: string }) : undefined;
  if (health?.status === "degraded") throw new Error(`${url} answers, but has lost its storage`);
  const { flows } = await createManagementApi(connection, signal).flows();
  const version = health?.version === undefined ? "" : `, Flowgate ${health.version}`;
  return `${url} answers${version}, ${flows.length} ${flows.length === 1 ? "flow" : "flows"}`;
}

async function storage({ storage }: Connection): Promise<string> {
  if (!storage) throw new Error("nothing says which storage the platform reads");
  const { ensureStorage } = await import("../shared/adapters/azure/ensure-storage.ts");
  const created = await ensureStorage(storage);
  const account = "accountName" in storage ? storage.accountName : accountIn(storage.connectionString);
  return created.length === 0
    ? `account ${account} has every container and queue`
    : `account ${account}: created what was missing: ${created.join(", ")}`;
}

/** Asks for one word. The embedded platform's model stands in where the settings name none. */
async function model(settings: Settings, { local }: Connection, signal: AbortSignal): Promise<string> {
  const connection: ModelSettings["connection"] =
    settings.model.connection ??
    (local?.model === undefined ? undefined : { kind: "openai", baseUrl: local.model, apiKey: "offline" });
  if (!connection) throw new Error("no model is set, and no embedded platform runs that brings one");
  const answer = await askOneWord(
    { ...settings, model: { ...settings.model, connection } },
    undefined,
    signal,
  );
  const told = answer.model.startsWith(OFFLINE_STAND_IN)
    ? "the offline stand-in, not a language model, answers"
    : `${answer.model} answers`;
  return `${told} in ${Math.round(answer.latencyMs)} ms`;
}

async function askOneWord(
  settings: Settings,
  model: string | undefined,
  signal: AbortSignal,
): Promise<ChatAnswer> {
  const { createChatModel } = await import("../shared/adapters/azure/chat-model.ts");
  const chatModel = createChatModel(settings, createSilentTelemetry(), createSystemClock());
  return chatModel.complete(
    {
      model,
      messages: [{ role: "user", content: "Reply with the word ready." }],
      parameters: { max_tokens: 16 },
    },
    { flow: "doctor", version: undefined, purpose: "step", signal },
  );
}

/** Any answer will do: what is asked for is whether somebody listens there. */
async function address(what: string, endpoint: string | undefined, signal: AbortSignal): Promise<string> {
  if (endpoint === undefined)
    return `not set: no ${what} ${what === "events" ? "leave" : "leaves"} the platform`;
  const response = await fetch(endpoint, { signal }).catch((error: unknown) => {
    throw new Error(`nothing answers at ${endpoint}`, { cause: error });
  });
  await response.body?.cancel();
  return `${endpoint} answers`;
}

function telemetryAddress({ telemetry }: Settings): string | undefined {
  if (!telemetry) return undefined;
  return (
    /IngestionEndpoint=([^;]+)/i.exec(telemetry.connectionString)?.[1] ??
    "https://dc.services.visualstudio.com"
  );
}

function accountIn(connectionString: string): string {
  return /AccountName=([^;]+)/i.exec(connectionString)?.[1] ?? "by connection string";
}
