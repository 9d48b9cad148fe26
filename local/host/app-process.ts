import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { AppMessage, FunctionMetadata, HostMessage, InvocationRequest } from "../app/protocol.ts";
import { APP_MEMORY } from "./app-memory.ts";
import type { HostLog } from "./host-log.ts";
import { AppProcessEndedError, InvocationFailedError } from "./invocation-errors.ts";

export interface AppProcessOptions {
  appFolder: string;
  entry: string[];
  environment: NodeJS.ProcessEnv;
  functionTimeoutMs: number | undefined;
  log: HostLog;
}

/** One app process: forked, initialized, invoked and ended in the worker protocol's messages. */
export interface AppProcess {
  readonly pid: number;
  /** Where the library takes proxied requests; undefined without HTTP streaming. */
  readonly httpPort: number | undefined;
  readonly functions: FunctionMetadata[];
  /** How the process ended, once it has. */
  readonly ended: Promise<string>;
  /** Whether it takes invocations: neither gone nor about to go. */
  usable(): boolean;
  inFlight(): number;
  /**
   * Runs one invocation. Rejects with `InvocationFailedError` where the handler threw or took longer than the
   * function timeout (the process is then killed), and with `AppProcessEndedError` where the process ended first.
   */
  invoke(request: InvocationRequest): Promise<void>;
  /** Gives up on an invocation that the app will never answer. */
  forget(invocationId: string): void;
  /** Has the app run its `appTerminate` hooks and exit; kills it after `graceMs`. */
  terminate(graceMs: number): Promise<void>;
}

const HOST_VERSION = "4.1044.0";
const START_TIMEOUT_MS = 60_000;
const MAIN = fileURLToPath(new URL("../app/main.ts", import.meta.url));

/** Starts an app process and loads the app into it. Throws what kept the app from loading. */
export async function startAppProcess(options: AppProcessOptions): Promise<AppProcess> {
  const { log } = options;
  const child = fork(MAIN, [], {
    cwd: options.appFolder,
    env: { ...APP_MEMORY.environment, ...options.environment },
    execArgv: APP_MEMORY.flags,
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  relayLines(child.stdout, "information", log);
  relayLines(child.stderr, "warning", log);

  const waiting = new Map<string, PromiseWithResolvers<AppMessage>>();
  const invocations = new Set<string>();
  /** False as soon as nothing new may be sent: the process is told to end, killed or gone. */
  let usable = true;
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      usable = false;
      const how = `${signal ? `signal ${signal}` : `exit code ${code}`}, ${invocations.size} invocations in flight`;
      const error = new AppProcessEndedError(`The app process ended (${how}).`);
      for (const answer of waiting.values()) answer.reject(error);
      resolve(how);
    });
  });

  child.on("error", (error) => log({ level: "error", category: "Host.App", message: error.message }));
  child.on("message", (message: AppMessage) => {
    if (message.rpcLog) {
      const { level, category, message: text } = message.rpcLog;
      log({ level, category, message: text });
    }
    waiting.get(message.requestId)?.resolve(message);
  });

  function ask(message: HostMessage, timeoutMs: number | undefined, late: string): Promise<AppMessage> {
    const { requestId } = message;
    const answer = Promise.withResolvers<AppMessage>();
    if (!usable) answer.reject(new AppProcessEndedError("The app process has ended."));
    else {
      waiting.set(requestId, answer);
      if (Object.keys(message).length > 1) child.send(message, () => {});
    }
    const timer = timeoutMs && setTimeout(() => answer.reject(new InvocationTimeoutError(late)), timeoutMs);
    return answer.promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(requestId);
    });
  }

  async function initialize(): Promise<{ httpPort: number | undefined; functions: FunctionMetadata[] }> {
    const late = `The app did not load within ${START_TIMEOUT_MS / 1000} s.`;
    // The app's first message, `startStream`, has an empty request id.
    await ask({ requestId: "" }, START_TIMEOUT_MS, late);
    const { appFolder: functionAppDirectory, entry } = options;
    const workerInitRequest = { hostVersion: HOST_VERSION, functionAppDirectory, entry };
    const { workerInitResponse } = await ask(
      { requestId: "init", workerInitRequest },
      START_TIMEOUT_MS,
      late,
    );
    const exception = workerInitResponse?.result.exception;
    if (exception) throw new Error(exception.message, { cause: exception.stackTrace });
    const asked = { requestId: "metadata", functionsMetadataRequest: { functionAppDirectory } };
    const { functionMetadataResponse } = await ask(asked, START_TIMEOUT_MS, late);
    const httpUri = workerInitResponse?.capabilities["HttpUri"];
    return {
      httpPort: httpUri === undefined ? undefined : Number(new URL(httpUri).port),
      functions: functionMetadataResponse?.functionMetadataResults ?? [],
    };
  }

  let initialized: Awaited<ReturnType<typeof initialize>>;
  try {
    initialized = await initialize();
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }

  return {
    ...initialized,
    pid: child.pid!,
    ended,
    usable: () => usable,
    inFlight: () => invocations.size,
    async invoke(request) {
      const { invocationId, functionId } = request;
      invocations.add(invocationId);
      const timeoutMs = options.functionTimeoutMs;
      const late = `Function "${functionId}" exceeded the function timeout of ${(timeoutMs ?? 0) / 1000} s.`;
      try {
        const message = { requestId: invocationId, invocationRequest: request };
        const { invocationResponse } = await ask(message, timeoutMs, late);
        const exception = invocationResponse?.result.exception;
        if (exception) throw new InvocationFailedError(exception.message, exception.stackTrace);
      } catch (error) {
        if (!(error instanceof InvocationTimeoutError)) throw error;
        log({
          level: "error",
          category: `Function.${functionId}`,
          message: `${late} The app process is killed.`,
        });
        usable = false;
        child.kill("SIGKILL");
        throw new InvocationFailedError(late, "");
      } finally {
        invocations.delete(invocationId);
      }
    },
    forget(invocationId) {
      waiting.get(invocationId)?.reject(new InvocationFailedError("The app never received the request.", ""));
    },
    async terminate(graceMs) {
      usable = false;
      child.send({ requestId: "terminate", workerTerminate: {} } satisfies HostMessage, () => {});
      const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

class InvocationTimeoutError extends Error {
  override readonly name = "InvocationTimeoutError";
}

function relayLines(stream: Readable | null, level: "information" | "warning", log: HostLog): void {
  if (!stream) return;
  createInterface({ input: stream }).on("line", (message) => {
    log({ level, category: "Host.Function.Console", message });
  });
}
