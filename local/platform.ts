import { APP_ENTRY } from "./app-entry.ts";
import { accessEnvironment } from "./access-environment.ts";
import { readHostKeys } from "./host/host-keys.ts";
import { rm, writeFile } from "node:fs/promises";
import { getCompileCacheDir } from "node:module";
import path from "node:path";
import { ensureStorage } from "../shared/adapters/azure/ensure-storage.ts";
import { SettingsError } from "../shared/errors.ts";
import { OFFLINE_STAND_IN } from "../shared/model/offline-stand-in.ts";
import type { Settings } from "../shared/settings.ts";
import { checkPackages } from "./check-packages.ts";
import { claimDataFolder } from "./claim-data-folder.ts";
import { createQueueDestination } from "./events/queue-destination.ts";
import { createDeadLetters } from "./events/dead-letters.ts";
import { pollChanges } from "./events/poll-changes.ts";
import { createStorageEvents } from "./events/storage-events.ts";
import { createSubscription, subjectOfContainer } from "./events/subscription.ts";
import { startTopic } from "./events/topic.ts";
import type { Topic } from "./events/topic.ts";
import { checkPort } from "./host/check-port.ts";
import { startHost } from "./host/start-host.ts";
import type { Host } from "./host/start-host.ts";
import type { HostLog } from "./host/host-log.ts";
import { lookAgain } from "./look-again.ts";
import { startOfflineModel } from "./model/start-offline-model.ts";
import type { OfflineModel } from "./model/start-offline-model.ts";
import type { StorageNotice } from "./storage/storage-notice.ts";
import { startStorage } from "./storage/start-storage.ts";
import type { Storage } from "./storage/start-storage.ts";
import { buildStudioIfOld } from "../scripts/build-studio.ts";
import { startTelemetrySink } from "./telemetry/start-sink.ts";
import type { Sink } from "./telemetry/start-sink.ts";

export interface PlatformOptions {
  settings: Settings;
  /** Where `host.json` and `functions/` are: the repository. */
  appFolder: string;
  /** The app's entry files in there, where they are others than `APP_ENTRY`. */
  entry?: string[];
  workers: number;
  log: HostLog;
  /** On top of what the platform itself tells the app processes. */
  environment?: Record<string, string>;
  /** Of the offline model, for tests and benches: milliseconds every call takes at least. */
  modelLatencyMs?: number;
  /** One that runs already, in place of a model of its own. It goes on when the platform is closed. */
  model?: OfflineModel;
}

/** The embedded platform, running. A part that the settings replace by a service of the user's is undefined. */
export interface Platform {
  host: Host;
  storage: Storage | undefined;
  model: OfflineModel | undefined;
  sink: Sink | undefined;
  topic: Topic | undefined;
  connectionString: string;
  addresses: LocalAddresses;
  close(): Promise<void>;
}

/** `<data folder>/local.json`: where everything is, for any client; there while the platform is ready. */
export interface LocalAddresses {
  host: string;
  storage: string;
  model: string;
  telemetry: string;
  topic: string;
  pid: number;
  appPids: number[];
  /** Opens every route, where the app asks who calls. */
  key: string;
}

/**
 * Starts what Azure would supply and is not set to be somewhere else: storage with its events, the model, telemetry's
 * ingestion, the topic; then the functions. Resolves when all of it is ready; where one part cannot start, those that
 * did are stopped again and its error is thrown.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { settings, log } = options;
  const folder = path.resolve(settings.dataFolder);
  await using stack = new AsyncDisposableStack();
  checkPackages(settings);
  await checkPort(settings.port);
  stack.use(await claimDataFolder(folder));

  let writeAddresses: (() => Promise<void>) | undefined;
  let notify: (notice: StorageNotice) => void = () => {};
  const parts = [
    closing(stack, settings.storage, () =>
      startStorage({ folder: path.join(folder, "storage"), onRequest: (notice) => notify(notice) }),
    ),
    closing(stack, settings.model.connection ?? options.model, () =>
      startOfflineModel({ latencyMs: options.modelLatencyMs ?? 0 }),
    ),
    closing(stack, settings.telemetry, () => startTelemetrySink({ folder: path.join(folder, "telemetry") })),
    closing(stack, settings.eventGrid, () => startTopic({ folder: path.join(folder, "events") })),
    buildStudioIfOld(),
  ] as const;
  // Where one fails, the others are known to be stopped only once they have started.
  await Promise.allSettled(parts);
  const [storage, ownModel, sink, topic] = await Promise.all(parts);
  const model = settings.model.connection ? undefined : (ownModel ?? options.model);
  const connectionString = storage?.connectionString ?? connectionStringOf(settings);
  await ensureStorage({ connectionString });

  const { default: ownKey } = await readHostKeys(folder);
  const host = await startHost({
    port: settings.port,
    appFolder: options.appFolder,
    entry: options.entry ?? APP_ENTRY,
    workers: options.workers,
    environment: {
      AzureWebJobsStorage: connectionString,
      APPLICATION_INSIGHTS_NO_STATSBEAT: "1",
      NODE_COMPILE_CACHE: compileCache(folder),
      ...(model && modelEnvironment(model)),
      ...(sink && {
        APPLICATIONINSIGHTS_CONNECTION_STRING: sink.connectionString,
        OTEL_METRIC_EXPORT_INTERVAL: "5000",
      }),
      ...(topic && { EVENT_GRID_TOPIC_ENDPOINT: topic.endpoint, EVENT_GRID_TOPIC_KEY: topic.key }),
      ...options.environment,
      ...accessEnvironment(settings.access, ownKey),
    },
    storage: connectionString,
    dataFolder: folder,
    log,
    onAppReplaced: () => void writeAddresses?.().catch(() => {}),
  });
  stack.defer(() => host.close());

  const subscription = createSubscription({
    name: "flow-changes",
    filter: {
      subjectBeginsWith: ["flows", "proposals"].map(subjectOfContainer),
      eventTypes: ["Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted"],
    },
    deliver: createQueueDestination(connectionString, "flow-changes"),
    deadLetter: createDeadLetters(connectionString),
    log: (message) => log({ level: "warning", category: "Events", message }),
  });
  stack.defer(() => subscription.close());
  if (storage) {
    const toEvent = createStorageEvents(storage);
    notify = (notice) => {
      if (notice.kind === "queued") wakeLater(host, notice.queue, notice.visibilityTimeout);
      else subscription.offer(toEvent(notice));
    };
  } else {
    const polling = pollChanges(connectionString, (event) => subscription.offer(event), log);
    stack.defer(() => polling.close());
  }

  if (storage) await lookAgain(connectionString);

  const addresses = (): LocalAddresses => ({
    host: host.url,
    storage: connectionString,
    model: model?.baseUrl ?? modelAddress(settings),
    telemetry: sink?.url ?? ingestionAddress(settings),
    topic: topic?.endpoint ?? settings.eventGrid?.endpoint ?? "",
    pid: process.pid,
    appPids: host.appPids(),
    key: host.keys.default,
  });
  const file = path.join(folder, "local.json");
  writeAddresses = () => writeFile(file, `${JSON.stringify(addresses(), null, 2)}\n`, { mode: 0o600 });
  await writeAddresses();
  stack.defer(() => {
    writeAddresses = undefined;
    return rm(file, { force: true });
  });

  const running = stack.move();
  return {
    host,
    storage,
    model,
    sink,
    topic,
    connectionString,
    get addresses() {
      return addresses();
    },
    close: () => running.disposeAsync(),
  };
}

/**
 * Starts a part, unless there is another instead. Its `close` is registered as soon as it runs, so that a part
 * that fails to start takes down those that did.
 */
async function closing<T extends { close(): Promise<void> }>(
  stack: AsyncDisposableStack,
  instead: object | undefined,
  start: () => Promise<T>,
): Promise<T | undefined> {
  if (instead !== undefined) return undefined;
  const part = await start();
  stack.defer(() => part.close());
  return part;
}

/** This process's, where it has one: a platform on another data folder finds there what this one's app has compiled. */
function compileCache(dataFolder: string): string {
  const ofThisNode = getCompileCacheDir();
  return ofThisNode === undefined ? path.join(dataFolder, "compile-cache") : path.dirname(ofThisNode);
}

function modelEnvironment(model: OfflineModel): Record<string, string> {
  return {
    OPENAI_BASE_URL: model.baseUrl,
    OPENAI_API_KEY: model.apiKey,
    FLOWGATE_MODEL: OFFLINE_STAND_IN,
    FLOWGATE_JUDGE_MODEL: OFFLINE_STAND_IN,
    FLOWGATE_EMBEDDING_MODEL: OFFLINE_STAND_IN,
    // It computes on one core: more calls at once would only wait inside it, and look slow.
    FLOWGATE_MODEL_CONCURRENCY: "2",
  };
}

/** The function looks when the message becomes visible, rather than at its next poll. */
function wakeLater(host: Host, queue: string, seconds: number): void {
  if (seconds === 0) host.wakeQueue(queue);
  else setTimeout(() => host.wakeQueue(queue), seconds * 1000).unref();
}

function connectionStringOf({ storage }: Settings): string {
  if (storage && "connectionString" in storage) return storage.connectionString;
  throw new SettingsError(
    "The embedded platform reaches storage by connection string only: set AzureWebJobsStorage, or unset AzureWebJobsStorage__accountName.",
  );
}

function modelAddress({ model: { connection } }: Settings): string {
  if (connection?.kind === "azure") return connection.endpoint;
  return connection?.baseUrl ?? "https://api.openai.com/v1";
}

function ingestionAddress({ telemetry }: Settings): string {
  return /IngestionEndpoint=([^;]+)/i.exec(telemetry?.connectionString ?? "")?.[1] ?? "";
}
