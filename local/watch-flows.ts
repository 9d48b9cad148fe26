import { once } from "node:events";
import path from "node:path";
import { watch } from "chokidar";
import { messageOf } from "../shared/errors.ts";
import { collectEdits, type FlowEdits } from "./flow-edits.ts";
import { findFlowFolders, runChange } from "./run-change.ts";
import type { ChangeContext } from "./run-change.ts";

/** Editors write a file in several steps, and a checkout many files: a flow is read when it has been still this long. */
const STILL_MS = 300;

export interface Watch extends AsyncDisposable {
  /** Runs what changed since the watch began and what changes from now on, until the signal aborts. */
  run(): Promise<void>;
}

/**
 * Watches `flows` from the moment this resolves; `run` runs the pipeline on every change. A change that comes while
 * an earlier one of the same flow is under way takes its place.
 */
export async function watchFlows(flows: string, context: ChangeContext): Promise<Watch> {
  const { signal, output } = context;
  const pending = new Map<string, NodeJS.Timeout>();
  const edited = new Map<string, FlowEdits>();
  const running = new Map<string, AbortController>();
  const begun = Promise.withResolvers<void>();
  let last: Promise<unknown> = begun.promise;

  const run = async (name: string, interrupted: AbortController): Promise<void> => {
    const both = AbortSignal.any([signal, interrupted.signal]);
    try {
      const folders = await findFlowFolders(flows);
      const folder = folders.find((candidate) => path.basename(candidate) === name);
      const files = edited.get(name)?.take() ?? [];
      if (folder) await runChange(folder, { ...context, signal: both, edited: files });
    } catch (error) {
      if (!both.aborted) output.note(`${output.paintNote("red", "error:")} ${messageOf(error)}`);
    }
  };

  const start = (name: string): void => {
    pending.delete(name);
    running.get(name)?.abort();
    const interrupted = new AbortController();
    running.set(name, interrupted);
    // One after another: two progress lines on one terminal would be unreadable.
    last = last.then(() => run(name, interrupted));
  };

  const watcher = watch(flows, { ignoreInitial: true, ignored: /(^|[/\\])\.|~$/ });
  watcher.on("all", (event, changed) => {
    const [name, ...rest] = path.relative(flows, changed).split(path.sep);
    if (name === undefined || name === "") return;
    const edits = edited.get(name) ?? collectEdits();
    edited.set(name, edits);
    if (rest.length > 0) edits.saw(event, rest.join("/"));
    clearTimeout(pending.get(name));
    pending.delete(name);
    if (edits.isEmpty()) return;
    pending.set(
      name,
      setTimeout(() => start(name), STILL_MS),
    );
  });
  await once(watcher, "ready");
  return {
    async run() {
      begun.resolve();
      if (!signal.aborted) await once(signal, "abort");
      for (const timer of pending.values()) clearTimeout(timer);
      await last;
    },
    async [Symbol.asyncDispose]() {
      for (const timer of pending.values()) clearTimeout(timer);
      await watcher.close();
    },
  };
}
