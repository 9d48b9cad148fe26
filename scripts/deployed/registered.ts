import { createRequire } from "node:module";
import {
  app as library,
  type AppTerminateHandler,
  type FunctionHandler,
  type HttpFunctionOptions,
  type SetupOptions,
  type StorageQueueFunctionOptions,
  type TimerFunctionOptions,
} from "@azure/functions";

/**
 * What Azure's worker loads first: it registers the functions as `npm run build` saw `functions/` register them, and
 * loads what answers with the first call. To know its functions is all that the platform waits for.
 */
type Call =
  | [method: "setup", options: SetupOptions]
  | [method: "http", name: string, options: Omit<HttpFunctionOptions, "handler">]
  | [method: "timer", name: string, options: Omit<TimerFunctionOptions, "handler">]
  | [method: "storageQueue", name: string, options: Omit<StorageQueueFunctionOptions, "handler">];
declare const FUNCTIONS: { all: Call[]; chat: Call[]; pipeline: Call[] };

/** What answers: first all that chats need, then what the other functions need besides. */
const FILES = ["./app.cjs", "./pipeline.cjs"];
/** By then the worker has told the host what there is. A call that comes sooner loads what it needs itself. */
const IDLE_AFTER_MS = 100;

const load = createRequire(import.meta.url);
const handlers = new Map<string, FunctionHandler>();
/** Those of the file that is being loaded: where it fails, they are none. */
const pending = new Map<string, FunctionHandler>();
const terminate: AppTerminateHandler[] = [];
let loaded = 0;

const keep = (name: string, { handler }: { handler: FunctionHandler }): void => {
  pending.set(name, handler);
};

/** The library to those files: nothing can be registered any more, so that its handlers are kept for those that are. */
export const app = {
  setup: () => {},
  http: keep,
  timer: keep,
  storageQueue: keep,
  hook: { appTerminate: (handler: AppTerminateHandler) => void terminate.push(handler) },
};
export { HttpResponse } from "@azure/functions";
// It has to have seen a request before the request is handed on.
export { clientConnection } from "../../functions/client-connection.ts";

const serves = process.env["FLOWGATE_SERVES"];
const calls = serves === "chat" || serves === "pipeline" ? FUNCTIONS[serves] : FUNCTIONS.all;
for (const call of calls) register(call);
library.hook.appTerminate(async (context) => {
  await Promise.all(terminate.map(async (handler) => handler(context)));
});
loadWhenIdle();

function register(call: Call): void {
  if (call[0] === "setup") return library.setup(call[1]);
  const [method, name, options] = call;
  const handler: FunctionHandler = (...given) => handlerOf(name)(...given);
  if (method === "http") library.http(name, { ...options, handler });
  else if (method === "timer") library.timer(name, { ...options, handler });
  else library.storageQueue(name, { ...options, handler });
}

function handlerOf(name: string): FunctionHandler {
  while (!handlers.has(name) && loaded < FILES.length) loadNext();
  const handler = handlers.get(name);
  if (!handler) throw new Error(`The package has no function ${name}: build and deploy it anew.`);
  return handler;
}

/** Throws what loading throws, and then loads the same file when asked again. */
function loadNext(): void {
  pending.clear();
  load(FILES[loaded] ?? "");
  for (const [name, handler] of pending) handlers.set(name, handler);
  loaded += 1;
}

/** One file at a time, and none that has no function of what is served, so that calls are answered in between. */
function loadWhenIdle(): void {
  setTimeout(() => {
    if (calls.every(([method, name]) => method === "setup" || handlers.has(name))) return;
    try {
      loadNext();
      loadWhenIdle();
    } catch (error) {
      // No call has failed of it yet: the next one tries again.
      console.error("The functions are registered, but what answers could not be loaded:", error);
    }
  }, IDLE_AFTER_MS).unref();
}
