import { createAppState, runHooks } from "./app-state.ts";
import { createAppLog } from "./app-log.ts";
import { supplyCoreModule, WORKER_VERSION } from "./core-module.ts";
import { invoke } from "./invoke.ts";
import { loadEntryFiles } from "./load-entry-files.ts";
import type { AppMessage, HostMessage, StatusResult, WorkerInitRequest } from "./protocol.ts";

/**
 * The app process: what Azure's Node worker is to the Functions host. The host forks it, and it lives as long as
 * the channel to the host does.
 */
const app = createAppState();
const log = createAppLog(app, send);
supplyCoreModule(app, log);

process.on("message", (message: HostMessage) => void answer(message));
process.on("disconnect", () => process.exit(1));
// A terminal signals the whole group; the host drains and then ends this process by `workerTerminate`.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
send({ requestId: "", startStream: { workerId: String(process.pid) } });

async function answer(message: HostMessage): Promise<void> {
  const { requestId } = message;
  if (message.workerInitRequest) {
    const started = await start(message.workerInitRequest);
    send({ requestId, workerInitResponse: { workerVersion: WORKER_VERSION, ...started } });
  }
  if (message.functionsMetadataRequest) {
    const functionMetadataResults = [...app.functions.values()].map((registered) => registered.metadata);
    send({ requestId, functionMetadataResponse: { functionMetadataResults, result: { status: "success" } } });
  }
  if (message.invocationRequest) {
    const { invocationId } = message.invocationRequest;
    const invocationResponse = await invoke(app, log, message.invocationRequest).catch((error: unknown) => ({
      invocationId,
      result: failure(error),
    }));
    send({ requestId, invocationResponse });
  }
  if (message.workerTerminate) await terminate();
}

async function start(request: WorkerInitRequest) {
  app.hostVersion = request.hostVersion;
  try {
    await loadEntryFiles(request.functionAppDirectory, request.entry);
    await runHooks(app, "appStart", {
      functionAppDirectory: request.functionAppDirectory,
      hookData: app.appOnlyHookData,
      appHookData: app.appHookData,
    });
    app.started = true;
    const capabilities = (await app.programmingModel?.getCapabilities?.({})) ?? {};
    return { capabilities, result: { status: "success" } satisfies StatusResult };
  } catch (error) {
    return { capabilities: {}, result: failure(error) };
  }
}

async function terminate(): Promise<void> {
  try {
    await runHooks(app, "appTerminate", { hookData: app.appOnlyHookData, appHookData: app.appHookData });
  } catch (error) {
    const { message } = failure(error).exception;
    log.write({
      level: "error",
      category: "Worker",
      logCategory: "system",
      message: `An appTerminate hook failed: ${message}`,
    });
  }
  // The channel is closed only after what was sent has left; its end ends this process.
  process.exitCode = 0;
  process.removeAllListeners("disconnect");
  process.once("disconnect", () => process.exit(0));
  process.disconnect();
}

function failure(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  const stackTrace = error instanceof Error ? (error.stack ?? "") : "";
  return { status: "failure", exception: { message, stackTrace } } satisfies StatusResult;
}

function send(message: AppMessage): void {
  // The host may be gone already; then there is nobody to tell, and `disconnect` ends this process.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
