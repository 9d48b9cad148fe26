import { AsyncLocalStorage } from "node:async_hooks";
import { format } from "node:util";
import type { AppState } from "./app-state.ts";
import type { AppMessage, LogLevel, RpcLog } from "./protocol.ts";

export interface AppLog {
  /** Sends one line to the host, after the app's `log` hooks have seen it. */
  write(entry: RpcLog, invocationContext?: unknown): void;
  /** Runs `work` so that what it writes to the console is sent under that function's name. */
  within<T>(invocation: { functionName: string; invocationId: string }, work: () => Promise<T>): Promise<T>;
}

const CONSOLE_LEVELS = {
  trace: "trace",
  debug: "debug",
  log: "information",
  info: "information",
  warn: "warning",
  error: "error",
} as const satisfies Partial<Record<keyof Console, LogLevel>>;

/** The app process's log. Takes over the console, whose lines the host could not tell apart by function. */
export function createAppLog(app: AppState, send: (message: AppMessage) => void): AppLog {
  const running = new AsyncLocalStorage<{ functionName: string; invocationId: string }>();

  function write(entry: RpcLog, invocationContext?: unknown): void {
    const { level, message, logCategory: category } = entry;
    const context = {
      level,
      message,
      category,
      invocationContext,
      hookData: {},
      appHookData: app.appHookData,
    };
    for (const hook of app.hooks.log) hook(context);
    // As on Azure, hooks see the system's lines but change only the app's own.
    const changed = category === "user" ? { level: context.level, message: context.message } : {};
    send({ requestId: "", rpcLog: { ...entry, ...changed } });
  }

  for (const [method, level] of Object.entries(CONSOLE_LEVELS)) {
    Reflect.set(console, method, (...values: unknown[]) => {
      const invocation = running.getStore();
      write({
        level,
        logCategory: "user",
        message: format(...values),
        category: invocation ? userCategory(invocation.functionName) : "Host.Function.Console",
        ...(invocation && { invocationId: invocation.invocationId }),
      });
    });
  }

  return { write, within: (invocation, work) => running.run(invocation, work) };
}

/** The category Azure gives what a function's own code logs. */
export function userCategory(functionName: string): string {
  return `Function.${functionName}.User`;
}
