import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../shared/errors.ts";
import type { FunctionMetadata } from "../app/protocol.ts";
import { startAppProcess } from "./app-process.ts";
import type { AppProcess, AppProcessOptions } from "./app-process.ts";

/** The app processes: a fixed number of slots, each holding one process that is replaced when it ends. */
export interface AppPool {
  /** The same in every process. */
  functions: FunctionMetadata[];
  pids(): number[];
  inFlight(): number;
  /** The process with the least in flight, of those that take invocations. */
  pick(): AppProcess | undefined;
  /** As `pick`, or the process of one slot; waits while none is there. Rejects on abort. */
  ready(signal: AbortSignal, slot?: number): Promise<AppProcess>;
  /** Ends all processes and replaces none; each is killed after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 10_000;

/** Starts `size` app processes; tells when another has taken the place of one. Throws what kept the app from loading. */
export async function startAppPool(
  size: number,
  options: AppProcessOptions,
  onReplaced: () => void = () => {},
): Promise<AppPool> {
  const slots: (AppProcess | undefined)[] = Array.from({ length: size });
  const arrivals = new EventEmitter();
  arrivals.setMaxListeners(0);
  const closing = new AbortController();
  let turn = 0;

  const started = await Promise.allSettled(slots.map(() => startAppProcess(options)));
  const refused = started.find((result) => result.status === "rejected");
  if (refused) {
    const loaded = started.filter((result) => result.status === "fulfilled");
    await Promise.all(loaded.map(({ value }) => value.terminate(0)));
    throw refused.reason;
  }
  const supervisors = started.map((result, slot) => supervise(slot, (result as { value: AppProcess }).value));

  async function supervise(slot: number, first: AppProcess): Promise<void> {
    let app: AppProcess | undefined = first;
    let backoffMs = FIRST_BACKOFF_MS;
    while (!closing.signal.aborted) {
      if (app) {
        const since = Date.now();
        slots[slot] = app;
        arrivals.emit("ready");
        if (app !== first) onReplaced();
        const how = await app.ended;
        slots[slot] = undefined;
        if (closing.signal.aborted) return;
        if (Date.now() - since > LONGEST_BACKOFF_MS) backoffMs = FIRST_BACKOFF_MS;
        warn(`App process ${app.pid} ended (${how}); another starts in ${backoffMs / 1000} s.`);
      }
      await sleep(backoffMs, undefined, { signal: closing.signal }).catch(() => {});
      backoffMs = Math.min(LONGEST_BACKOFF_MS, backoffMs * 2);
      if (closing.signal.aborted) return;
      app = await startAppProcess(options).catch((error: unknown) => {
        warn(`The app could not be started again: ${messageOf(error)} Next try in ${backoffMs / 1000} s.`);
        return undefined;
      });
    }
    await app?.terminate(0);
  }

  function warn(message: string): void {
    options.log({ level: "warning", category: "Host.App", message });
  }

  function usable(): AppProcess[] {
    return slots.filter((app) => app?.usable() === true) as AppProcess[];
  }

  /** Least in flight; equals take turns. */
  function pick(): AppProcess | undefined {
    const apps = usable();
    turn += 1;
    let best: AppProcess | undefined;
    for (let index = 0; index < apps.length; index += 1) {
      const app = apps[(turn + index) % apps.length]!;
      if (!best || app.inFlight() < best.inFlight()) best = app;
    }
    return best;
  }

  return {
    functions: slots[0]!.functions,
    pids: () => usable().map((app) => app.pid),
    pick,
    inFlight: () => usable().reduce((sum, app) => sum + app.inFlight(), 0),
    async ready(signal, slot) {
      for (;;) {
        signal.throwIfAborted();
        const app = slot === undefined ? pick() : slots[slot];
        if (app?.usable()) return app;
        await once(arrivals, "ready", { signal });
      }
    },
    async close(graceMs) {
      closing.abort();
      await Promise.all(slots.map(async (app) => app?.terminate(graceMs)));
      await Promise.all(supervisors);
    },
  };
}
