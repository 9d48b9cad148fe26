import path from "node:path";
import { createInvocationRequest, triggerOf } from "../../local/host/invocation-request.ts";
import type { Binding, FunctionMetadata } from "../../local/app/protocol.ts";
import { childEnvironment } from "../../shared/settings.ts";
import { AppError, startWorker, type IndexedFunction, type Worker } from "./worker.ts";

/** What a worker made of the app where it serves one part. */
export interface Checked {
  serves: string;
  worker: { version: string; node: string; model: string };
  registered: number;
  indexed: number;
  loaded: number;
  /** HTTP status by function. */
  answered: Record<string, number>;
  /** What is not as it has to be, a sentence each. */
  differences: string[];
}

/** A call by which the package registers a function, as `record-functions.ts` has it. */
export type Registered = [method: string, name: string, options: Record<string, unknown>];

interface CheckOptions {
  /** Of `FLOWGATE_SERVES`. */
  serves: string;
  calls: Registered[];
  /** The worker starts without an app, and is given app and settings later. */
  warmed: boolean;
  node: string;
  timeoutMs: number;
}

const TRIGGERS: Record<string, string> = {
  http: "httpTrigger",
  timer: "timerTrigger",
  storageQueue: "queueTrigger",
};
/** They need no setting and change nothing; the second is of the file that an app of chats alone never loads. */
const HARMLESS = ["health-live", "studio"];
const HOST_VERSION = "4.1044.0";

/** Has a worker index, load, invoke and end what the folder deploys. Throws what is the worker's own fault. */
export async function checkApp(
  file: string,
  folder: string,
  { serves, calls, warmed, ...options }: CheckOptions,
): Promise<Checked> {
  const environment = childEnvironment({ FLOWGATE_SERVES: serves, FUNCTIONS_WORKER_RUNTIME: "node" });
  const atStart = warmed ? childEnvironment({}) : environment;
  await using worker = await startWorker(file, { environment: atStart, folder, ...options });
  const differences: string[] = [];
  async function noting<T>(what: string, asked: Promise<T>): Promise<T | undefined> {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      differences.push(`${what}: ${error.message}`);
      return undefined;
    }
  }

  const app = { functionAppDirectory: folder };
  const toWorker = { hostVersion: HOST_VERSION, workerDirectory: path.dirname(file) };
  const workerInitRequest = { ...toWorker, ...(warmed ? {} : app) };
  let starting = worker.ask({ workerInitRequest }, "workerInitResponse");
  if (warmed) {
    await starting;
    const functionEnvironmentReloadRequest = { environmentVariables: environment, ...app };
    starting = worker.ask({ functionEnvironmentReloadRequest }, "functionEnvironmentReloadResponse");
  }
  const { workerMetadata, capabilities } = (await noting("the app does not start", starting)) ?? {};
  const indexing = worker.ask({ functionsMetadataRequest: app }, "functionMetadataResponse");
  const indexed = (await noting("nothing is indexed", indexing))?.functionMetadataResults ?? [];
  const functions = indexed.map(readBindings);
  const registered = calls.filter(([method]) => method !== "setup");
  differences.push(...differencesOf(registered, functions));
  let loaded = 0;
  for (const metadata of indexed) {
    const functionLoadRequest = { functionId: metadata.functionId, metadata };
    const loading = worker.ask({ functionLoadRequest }, "functionLoadResponse");
    if (await noting(`${metadata.name} is not loaded`, loading)) loaded += 1;
  }
  const answered: Record<string, number> = {};
  const httpUri = capabilities?.["HttpUri"];
  if (httpUri === undefined) differences.push("the worker has no HttpUri: answers would not stream");
  for (const metadata of functions) {
    const { name } = metadata;
    if (httpUri === undefined || !HARMLESS.includes(name)) continue;
    const status = await noting(`${name} fails`, invoke(worker, metadata, httpUri, options.timeoutMs));
    if (status !== undefined) answered[name] = status;
    if (status !== undefined && status !== 200) differences.push(`${name} answers ${status}`);
  }
  const code = await worker.terminate();
  if (code !== 0)
    differences.push(`told to end, the worker ${code === null ? "does not" : `fails (${code})`}`);
  differences.push(...worker.errors.map((message) => `the worker logs an error: ${message}`));
  const { workerVersion: version = "?", runtimeVersion: node = "?", customProperties } = workerMetadata ?? {};
  const { modelName = "?", modelVersion = "" } = customProperties ?? {};
  return {
    serves,
    worker: { version, node, model: `${modelName} ${modelVersion}`.trim() },
    registered: registered.length,
    indexed: indexed.length,
    loaded,
    answered,
    differences,
  };
}

function readBindings({ functionId, name, rawBindings }: IndexedFunction): FunctionMetadata {
  const bindings = rawBindings.map((raw) => JSON.parse(raw) as Binding & { name: string });
  return {
    functionId,
    name,
    bindings: Object.fromEntries(bindings.map((binding) => [binding.name, binding])),
  };
}

/** By name, and by every option of the trigger that the package gives. */
function differencesOf(registered: Registered[], indexed: FunctionMetadata[]): string[] {
  const found = new Map(indexed.map((metadata) => [metadata.name, metadata]));
  const differences = registered.flatMap(([method, name, options]) => {
    const metadata = found.get(name);
    found.delete(name);
    if (!metadata) return [`${name} is registered and not indexed`];
    const trigger = triggerOf(metadata);
    return Object.entries({ type: TRIGGERS[method] ?? method, ...options }).flatMap(([option, value]) => {
      const [wanted, given] = [value, trigger.options[option]].map((one) => JSON.stringify(one));
      return wanted === given
        ? []
        : [`${name} is registered with ${option} ${wanted}, indexed with ${given}`];
    });
  });
  return [...differences, ...[...found.keys()].map((name) => `${name} is indexed and not registered`)];
}

/** The request over the library's own HTTP address, and the invocation that it belongs to, as the host sends both. */
async function invoke(
  worker: Worker,
  metadata: FunctionMetadata,
  httpUri: string,
  timeoutMs: number,
): Promise<number> {
  const url = new URL(String(triggerOf(metadata).options["route"]), httpUri);
  const input = { http: { method: "GET", url: url.pathname } };
  const invocationRequest = createInvocationRequest(metadata, input, { Headers: { json: "{}" } });
  const headers = {
    "x-ms-invocation-id": invocationRequest.invocationId,
    "x-forwarded-host": "localhost",
    "x-forwarded-proto": "http",
  };
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, AbortSignal.timeout(timeoutMs)]);
  const invoking = worker.ask({ invocationRequest }, "invocationResponse").catch((error: unknown) => {
    failed.abort(error);
    throw error;
  });
  const [response] = await Promise.all([fetch(url, { headers, signal }), invoking]);
  await response.arrayBuffer();
  return response.status;
}
