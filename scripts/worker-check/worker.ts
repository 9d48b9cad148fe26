import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";
import { Server, ServerCredentials, type ServerDuplexStream, type ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

/** What was asked for failed, as the worker says: the app is at fault, where any other error is the worker's. */
export class AppError extends Error {
  override readonly name: string = "AppError";
}

interface Result {
  result?: { status: "Failure" | "Success" | "Cancelled"; exception: { message: string } | null } | null;
}

/** A function as the worker tells of it: each raw binding is JSON, with the trigger's options. */
export interface IndexedFunction {
  functionId: string;
  name: string;
  rawBindings: string[];
}

interface WorkerFacts {
  workerVersion: string;
  runtimeVersion: string;
  customProperties: Record<string, string>;
}

interface Started extends Result {
  capabilities: Record<string, string>;
  workerMetadata: WorkerFacts | null;
}

interface Answers {
  startStream: Result;
  workerInitResponse: Started;
  functionEnvironmentReloadResponse: Started;
  functionMetadataResponse: Result & { functionMetadataResults: IndexedFunction[] };
  functionLoadResponse: Result;
  invocationResponse: Result;
}

type OneOf = { [Kind in keyof Answers]: Answers[Kind] | undefined };
type FromWorker = OneOf & { requestId: string; rpcLog: { level: string; message: string } | undefined };

/** A worker that was started as the Functions host starts it. */
export interface Worker extends AsyncDisposable {
  /** What it logged as an error. */
  readonly errors: string[];
  /** Throws `AppError` where the answer is that it failed, and an error where the worker ends or gives none in time. */
  ask<Kind extends keyof Answers>(request: object, answer: Kind): Promise<Answers[Kind]>;
  /** Tells it to end; the exit code, null where it had to be killed. */
  terminate(): Promise<number | null>;
}

interface StartOptions {
  environment: NodeJS.ProcessEnv;
  /** Where it starts. */
  folder: string;
  /** Node itself. */
  node: string;
  timeoutMs: number;
}

const PROTO = path.join(import.meta.dirname, "function-rpc.proto");
const MOST_BYTES = 2 ** 31 - 1;

export async function startWorker(
  file: string,
  { environment, folder, node, timeoutMs }: StartOptions,
): Promise<Worker> {
  const waiting = new Map<string, PromiseWithResolvers<FromWorker>>();
  const errors: string[] = [];
  const said: string[] = [];
  let stream: ServerDuplexStream<FromWorker, object> | undefined;
  const server = new Server({ "grpc.max_receive_message_length": MOST_BYTES });
  const { "AzureFunctionsRpcMessages.FunctionRpc": service } = loadSync(PROTO, {
    enums: String,
    defaults: true,
  });
  server.addService(service as ServiceDefinition, {
    EventStream(opened: ServerDuplexStream<FromWorker, object>) {
      stream = opened.on("error", () => {});
      opened.on("data", (message: FromWorker) => {
        const { rpcLog } = message;
        if (!rpcLog) waiting.get(message.requestId)?.resolve(message);
        else if (rpcLog.level === "Error" || rpcLog.level === "Critical") errors.push(rpcLog.message);
      });
    },
  });
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind("127.0.0.1:0", ServerCredentials.createInsecure());

  const failed = (what: string): Error =>
    new Error([what, ...(said.length > 0 ? ["It said:", ...said.slice(-12)] : [])].join("\n  "));

  async function answer<Kind extends keyof Answers>(requestId: string, kind: Kind): Promise<Answers[Kind]> {
    const answered = Promise.withResolvers<FromWorker>();
    waiting.set(requestId, answered);
    const late = (): void =>
      answered.reject(failed(`The worker sent no ${kind} within ${timeoutMs / 1_000} s (--timeout).`));
    const timer = setTimeout(late, timeoutMs);
    const answers: OneOf = await answered.promise.finally(() => clearTimeout(timer));
    const message = answers[kind];
    waiting.delete(requestId);
    if (message === undefined) throw failed(`The worker sent something else than ${kind}.`);
    if (message.result && message.result.status !== "Success") {
      throw new AppError(message.result.exception?.message ?? message.result.status);
    }
    return message;
  }

  const [workerId, requestId] = [randomUUID(), randomUUID()];
  // As the host does: in the names of today, and in those that older workers know.
  const parameters = Object.entries({
    host: "127.0.0.1",
    port,
    workerId,
    requestId,
    grpcMaxMessageLength: MOST_BYTES,
    "functions-uri": `http://127.0.0.1:${port}/`,
    "functions-worker-id": workerId,
    "functions-request-id": requestId,
    "functions-grpc-max-message-length": MOST_BYTES,
  }).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const child = spawn(node, [file, ...parameters], { cwd: folder, env: environment });
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text: string) => said.push(...(text.match(/.*\S/g) ?? [])));
  }
  child.on("error", ({ message }) => said.push(message));
  const { promise: ended, resolve: end } = Promise.withResolvers<number | null>();
  child.once("close", (code) => {
    for (const { reject } of waiting.values())
      reject(failed(`The worker ended (exit code ${String(code)}).`));
    end(code);
  });

  async function close(): Promise<void> {
    child.kill("SIGKILL");
    await ended;
    server.forceShutdown();
  }

  try {
    await answer(requestId, "startStream");
  } catch (error) {
    await close();
    throw error;
  }
  return {
    errors,
    ask(request, kind) {
      const id = randomUUID();
      stream?.write({ requestId: id, ...request });
      return answer(id, kind);
    },
    terminate() {
      const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
      stream?.write({ workerTerminate: {} });
      return ended.finally(() => clearTimeout(timer));
    },
    [Symbol.asyncDispose]: close,
  };
}
