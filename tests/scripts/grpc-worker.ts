import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Client, credentials, type MethodDefinition, type ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { createAppLog } from "../../local/app/app-log.ts";
import { createAppState } from "../../local/app/app-state.ts";
import { supplyCoreModule } from "../../local/app/core-module.ts";
import { invoke } from "../../local/app/invoke.ts";
import { loadEntryFiles } from "../../local/app/load-entry-files.ts";
import type { InvocationRequest } from "../../local/app/protocol.ts";

/**
 * A Node worker that speaks to the Functions host as Azure's does. `WORKER_FAULT` makes it `silent`, or `wrong`: of what
 * the app registers it leaves out `run`, tells another schedule of `tick`, invents `extra`, and fails when it has to end.
 */
interface HostMessage {
  requestId: string;
  workerInitRequest?: { functionAppDirectory: string };
  functionEnvironmentReloadRequest?: {
    environmentVariables: Record<string, string>;
    functionAppDirectory: string;
  };
  functionsMetadataRequest?: object;
  functionLoadRequest?: { functionId: string };
  invocationRequest?: InvocationRequest;
  workerTerminate?: object;
}

const PROTO = path.resolve(import.meta.dirname, "../../scripts/worker-check/function-rpc.proto");
const fault = process.env["WORKER_FAULT"];
const { values } = parseArgs({
  strict: false,
  options: {
    "functions-uri": { type: "string" },
    "functions-request-id": { type: "string" },
    "functions-worker-id": { type: "string" },
  },
});
const app = createAppState();
const log = createAppLog(app, () => undefined);
supplyCoreModule(app, log);

const { "AzureFunctionsRpcMessages.FunctionRpc": service } = loadSync(PROTO, {
  enums: String,
  defaults: true,
});
const { EventStream } = service as ServiceDefinition;
const {
  path: method,
  requestSerialize,
  responseDeserialize,
} = EventStream as MethodDefinition<object, HostMessage>;
const client = new Client(new URL(String(values["functions-uri"])).host, credentials.createInsecure());
const stream = client.makeBidiStreamRequest(method, requestSerialize, responseDeserialize);
stream.on("error", () => process.exit(0)).on("data", (message: HostMessage) => void answer(message));
if (fault === "silent") await sleep(60_000);
stream.write({
  requestId: values["functions-request-id"],
  startStream: { workerId: values["functions-worker-id"] },
});

async function answer({ requestId, ...asked }: HostMessage): Promise<void> {
  const result = { status: "Success" };
  const send = (content: object): void => void stream.write({ requestId, ...content });
  if (asked.workerInitRequest) {
    send({ workerInitResponse: { result, ...(await start(asked.workerInitRequest.functionAppDirectory)) } });
  }
  if (asked.functionEnvironmentReloadRequest) {
    const { environmentVariables, functionAppDirectory } = asked.functionEnvironmentReloadRequest;
    Object.assign(process.env, environmentVariables);
    send({ functionEnvironmentReloadResponse: { result, ...(await start(functionAppDirectory)) } });
  }
  if (asked.functionsMetadataRequest) {
    const functionMetadataResults = indexed();
    send({ functionMetadataResponse: { result, functionMetadataResults } });
  }
  if (asked.functionLoadRequest) send({ functionLoadResponse: { ...asked.functionLoadRequest, result } });
  if (asked.invocationRequest) {
    const { invocationId } = await invoke(app, log, asked.invocationRequest);
    send({ invocationResponse: { invocationId, result } });
  }
  if (asked.workerTerminate) process.exit(fault === "wrong" ? 3 : 0);
}

/** Without a folder it waits, warmed up, for one. */
async function start(folder: string): Promise<object> {
  const workerMetadata = { workerVersion: "9.9.9", runtimeVersion: process.versions.node };
  if (folder === "") return { workerMetadata };
  const { main } = createRequire(import.meta.url)(path.join(folder, "package.json")) as { main: string };
  await loadEntryFiles(folder, [main]);
  return { workerMetadata, capabilities: await app.programmingModel?.getCapabilities?.({}) };
}

function indexed(): object[] {
  const functions = [...app.functions.values()].map(({ metadata: { functionId, name, bindings } }) => ({
    functionId,
    name,
    bindings,
    rawBindings: Object.entries(bindings).map(([key, binding]) => JSON.stringify({ ...binding, name: key })),
  }));
  if (fault !== "wrong") return functions;
  const [one] = functions;
  return [
    ...functions.filter(({ name }) => name !== "run"),
    { ...one, functionId: "extra", name: "extra" },
  ].map((told) => ({
    ...told,
    rawBindings: told.rawBindings?.map((raw) => raw.replace("0 0 * * * *", "0 1 * * * *")),
  }));
}
