import { setTimeout as sleep } from "node:timers/promises";
import { QueueServiceClient } from "@azure/storage-queue";
import { messageOf, SettingsError } from "../../shared/errors.ts";
import { childEnvironment } from "../../shared/settings.ts";
import type { FunctionMetadata, RpcTypedData } from "../app/protocol.ts";
import { startAppPool } from "./app-pool.ts";
import { readHostConfiguration } from "./host-configuration.ts";
import { readHostKeys } from "./host-keys.ts";
import type { HostKeys } from "./host-keys.ts";
import type { HostLog } from "./host-log.ts";
import { startHttpFront } from "./http-front.ts";
import { AppProcessEndedError } from "./invocation-errors.ts";
import { createInvocationRequest, triggerOf } from "./invocation-request.ts";
import { parseNcrontab } from "./ncrontab.ts";
import { startQueueListener } from "./queue-listener.ts";
import type { QueueListener } from "./queue-listener.ts";
import { resolveSettings } from "./resolve-settings.ts";
import { startTimerListener } from "./timer-listener.ts";
import { openTimerStatuses } from "./timer-status.ts";

export interface HostOptions {
  /** 0: a free one. */
  port: number;
  /** Where host.json and the entry files are. */
  appFolder: string;
  /** Globs relative to `appFolder`. */
  entry: string[];
  /** How many app processes share the work. */
  workers: number;
  /** What app processes see on top of this process's environment. */
  environment: Record<string, string>;
  /** The connection string for queue triggers. */
  storage: string;
  /** Where the keys and the timers' status are kept. */
  dataFolder: string;
  log: HostLog;
  /** Told when an app process has taken the place of one that ended: `appPids` are others now. */
  onAppReplaced?: () => void;
}

export interface Host {
  url: string;
  keys: HostKeys;
  appPids(): number[];
  functions: { name: string; type: string }[];
  /** A message has just arrived in the queue: its functions look at once instead of at their next poll. */
  wakeQueue(name: string): void;
  /** Takes no new work, gives what is under way `graceMs` (10 s) to finish, runs `appTerminate` hooks, and ends. */
  close(options?: { graceMs?: number }): Promise<void>;
}

const DEFAULT_GRACE_MS = 10_000;
const TERMINATE_GRACE_MS = 5_000;
const LEASE_SECONDS = 600;
/** Short, so that a storage service that is gone does not hold up closing. */
const RETRY = { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2000 };
const TRIGGERS = ["httpTrigger", "queueTrigger", "timerTrigger", "eventGridTrigger"];

/**
 * Starts the embedded Functions host: loads the app into `workers` processes and serves its HTTP, queue, timer and
 * Event Grid triggers. Throws `SettingsError` or what kept the app from loading; nothing is left running then.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { log, appFolder, entry } = options;
  const configuration = await readHostConfiguration(appFolder);
  const keys = await readHostKeys(options.dataFolder);
  const environment = childEnvironment({ FUNCTIONS_WORKER_RUNTIME: "node", ...options.environment });
  const { functionTimeoutMs } = configuration;
  const pool = await startAppPool(
    options.workers,
    { appFolder, entry, environment, functionTimeoutMs, log },
    options.onAppReplaced,
  );

  const stopped = new AbortController();
  const listeners = new Map<string, QueueListener[]>();
  const timers: { stop(): void }[] = [];

  /** One invocation by other triggers than HTTP; what went wrong is logged and thrown. */
  async function invoke(
    metadata: FunctionMetadata,
    input: RpcTypedData,
    triggerMetadata: Record<string, RpcTypedData> = {},
    slot?: number,
  ): Promise<void> {
    const request = createInvocationRequest(metadata, input, triggerMetadata);
    try {
      const app = await pool.ready(stopped.signal, slot);
      await app.invoke(request);
    } catch (error) {
      const category = `Function.${metadata.name}`;
      log({
        level: "error",
        category,
        message: `Invocation ${request.invocationId} failed: ${messageOf(error)}`,
      });
      throw stopped.signal.aborted ? new AppProcessEndedError("The host is shutting down.") : error;
    }
  }

  async function startQueueTrigger(metadata: FunctionMetadata, queues: QueueServiceClient): Promise<void> {
    const name = resolveSettings(String(triggerOf(metadata).options["queueName"]), environment).toLowerCase();
    const queue = queues.getQueueClient(name);
    const poison = queues.getQueueClient(`${name}-poison`);
    await Promise.all([queue.createIfNotExists(), poison.createIfNotExists()]).catch((cause: unknown) => {
      const reason = messageOf(cause);
      throw new SettingsError(`Queue "${name}" cannot be made: ${reason} Check AzureWebJobsStorage.`, {
        cause,
      });
    });
    const started = Array.from({ length: options.workers }, (_, slot) =>
      startQueueListener({
        queue,
        poison,
        settings: configuration.queues,
        leaseSeconds: LEASE_SECONDS,
        ready: (signal) => pool.ready(signal, slot),
        invoke: (input, triggerMetadata) => invoke(metadata, input, triggerMetadata, slot),
        log,
      }),
    );
    listeners.set(name, [...(listeners.get(name) ?? []), ...started]);
  }

  async function startTriggers(): Promise<void> {
    const byType = Map.groupBy(pool.functions, (metadata) => triggerOf(metadata).type);
    const unknown = [...byType.keys()].filter((type) => !TRIGGERS.includes(type));
    if (unknown.length > 0) {
      throw new SettingsError(
        `The embedded host runs ${TRIGGERS.join(", ")}; the app uses ${unknown.join(", ")}.`,
      );
    }
    if (byType.has("httpTrigger")) await requireStreaming();
    const queues = QueueServiceClient.fromConnectionString(options.storage, { retryOptions: RETRY });
    await Promise.all(
      (byType.get("queueTrigger") ?? []).map((metadata) => startQueueTrigger(metadata, queues)),
    );
    const statuses = await openTimerStatuses(options.dataFolder);
    for (const metadata of byType.get("timerTrigger") ?? []) {
      const trigger = triggerOf(metadata).options;
      timers.push(
        startTimerListener({
          functionName: metadata.name,
          schedule: parseNcrontab(resolveSettings(String(trigger["schedule"]), environment)),
          runOnStartup: trigger["runOnStartup"] === true,
          statuses,
          invoke: (input) => invoke(metadata, input),
          log,
        }),
      );
    }
  }

  async function requireStreaming(): Promise<void> {
    const app = await pool.ready(stopped.signal);
    if (app.httpPort !== undefined) return;
    throw new SettingsError(
      "HTTP functions need streaming: call app.setup({ enableHttpStream: true }) in an entry file.",
    );
  }

  async function stopTriggers(): Promise<QueueListener[]> {
    for (const timer of timers) timer.stop();
    const all = [...listeners.values()].flat();
    await Promise.all(all.map((listener) => listener.stop()));
    return all;
  }

  async function finish(): Promise<void> {
    const [all] = await Promise.all([stopTriggers(), front?.drain()]);
    await Promise.all(all.map((listener) => listener.idle()));
    while (pool.inFlight() > 0) await sleep(20);
  }

  async function shutDown(graceMs: number): Promise<void> {
    const finishing = finish();
    await Promise.race([finishing, sleep(graceMs, undefined, { ref: false })]);
    stopped.abort();
    await pool.close(TERMINATE_GRACE_MS);
    front?.close();
    // The messages of invocations that were cut short are released now.
    await finishing;
  }

  let front: Awaited<ReturnType<typeof startHttpFront>> | undefined;
  try {
    const { routePrefix } = configuration;
    front = await startHttpFront({ port: options.port, routePrefix, pool, keys, invoke, log });
    await startTriggers();
  } catch (error) {
    await shutDown(0);
    throw error;
  }
  let closing: Promise<void> | undefined;
  return {
    url: front.url,
    keys,
    appPids: () => pool.pids(),
    functions: pool.functions.map((metadata) => ({ name: metadata.name, type: triggerOf(metadata).type })),
    wakeQueue(name) {
      for (const listener of listeners.get(name) ?? []) listener.wake();
    },
    close: ({ graceMs = DEFAULT_GRACE_MS } = {}) => (closing ??= shutDown(graceMs)),
  };
}
