import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../shared/errors.ts";
import type { RpcTypedData } from "../app/protocol.ts";
import type { HostLog } from "./host-log.ts";
import type { Ncrontab } from "./ncrontab.ts";
import type { TimerStatuses } from "./timer-status.ts";

export interface TimerListenerOptions {
  functionName: string;
  schedule: Ncrontab;
  runOnStartup: boolean;
  statuses: TimerStatuses;
  invoke(input: RpcTypedData, signal: AbortSignal): Promise<void>;
  log: HostLog;
}

export interface TimerListener {
  /** Starts no further invocation. */
  stop(): void;
}

/** Node's timers hold 31 bits of milliseconds. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/**
 * Runs a timer function, never twice at once: an occurrence that came while the handler ran follows when it is done.
 * An occurrence missed while the host was down runs at the start, with `isPastDue`.
 */
export function startTimerListener(options: TimerListenerOptions): TimerListener {
  const { functionName, schedule, statuses } = options;
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    const known = statuses.read(functionName);
    const now = new Date();
    // From the last run, not the recorded next one: the schedule may have changed since.
    const isPastDue = known !== undefined && schedule.next(known.last) <= now;
    let due = schedule.next(now);
    if (isPastDue || options.runOnStartup) due = await invoke(now, isPastDue);
    else if (!known) await record({ last: now, next: due });
    for (;;) {
      for (let wait = due.getTime() - Date.now(); wait > 0; wait = due.getTime() - Date.now()) {
        await sleep(Math.min(wait, LONGEST_SLEEP_MS), undefined, { signal });
      }
      due = await invoke(due, false);
    }
  }

  /** Returns when it is due next: at once, where occurrences passed meanwhile. */
  async function invoke(last: Date, isPastDue: boolean): Promise<Date> {
    signal.throwIfAborted();
    const before = statuses.read(functionName);
    const next = schedule.next(last);
    const input = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: { Last: before?.last ?? last, Next: next, LastUpdated: before?.lastUpdated ?? last },
      IsPastDue: isPastDue,
    };
    // What went wrong is in the log already; the schedule goes on.
    await options.invoke({ json: JSON.stringify(input) }, signal).catch(() => {});
    const now = new Date();
    const due = next <= now ? now : next;
    await record({ last, next: due });
    return due;
  }

  async function record(status: { last: Date; next: Date }): Promise<void> {
    await statuses.write(functionName, { ...status, lastUpdated: new Date() }).catch(report);
  }

  function report(error: unknown): void {
    if (signal.aborted) return;
    options.log({ level: "error", category: "Host.Timers", message: `${functionName}: ${messageOf(error)}` });
  }

  run().catch(report);
  return { stop: () => stopping.abort() };
}
