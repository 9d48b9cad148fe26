import { messageOf } from "../../shared/errors.ts";
import type { LoadedFlow } from "../../shared/flow/load-flow.ts";
import { isFlowName } from "../../shared/model/flow-name.ts";
import type { ReleasePointer } from "../../shared/model/release.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { listFlows } from "../../shared/registry/flow-status.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { LoadVersion } from "../../shared/registry/version-loader.ts";

/** The version of a flow that answers now, ready in memory. */
export interface ServingVersion {
  flow: string;
  version: string;
  loaded: LoadedFlow;
}

/**
 * What serves, kept in memory. A warm process answers without a storage call: pointers are read again in the
 * background, a new version is made ready before it takes over, and while storage is gone the last known good one
 * goes on serving.
 */
export interface FlowCatalog {
  serving(flow: string): Promise<ServingVersion | undefined>;
  /** The names of all flows that serve, sorted. */
  flows(): Promise<string[]>;
  health(): { storage: "ok" | "unreachable"; since: string | undefined; message: string | undefined };
  close(): void;
}

interface Entry {
  etag: string;
  pointer: ReleasePointer;
  serving: ServingVersion | undefined;
}

const REFRESH_MS = 1_000;
/** The list of all flows changes rarely: it is read with every tenth refresh. */
const LIST_EVERY = 10;
/** After a pause this long, what is in memory may be long out of date. */
const STALE_MS = 30_000;
/** A process that answers nobody reads nothing: it may be about to be scaled to zero. */
const IDLE_MS = 10 * 60_000;

export function createFlowCatalog(dependencies: {
  store: BlobStore;
  loadVersion: LoadVersion;
  clock: Clock;
}): FlowCatalog {
  const { store, loadVersion, clock } = dependencies;
  const entries = new Map<string, Entry>();
  /** Flows that requests asked for: only these are made ready to answer. */
  const asked = new Set<string>();
  /** When a name that serves nothing was last looked up, so that unknown names cannot make load. */
  const absent = new Map<string, number>();
  let triedAt = -Infinity;
  let usedAt = -Infinity;
  let round = 0;
  let refreshing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failure: { since: string; message: string } | undefined;

  const readPointer = async (flow: string): Promise<void> => {
    const name = registryPath.release(flow);
    const known = entries.get(flow);
    const blob = known
      ? await store.readIfChanged("registry", name, known.etag)
      : await store.read("registry", name);
    if (blob === undefined) return;
    const entry: Entry | undefined =
      blob === "unchanged"
        ? known
        : {
            etag: blob.etag,
            pointer: JSON.parse(blob.body.toString("utf8")) as ReleasePointer,
            serving: known?.serving,
          };
    if (!entry) return;
    const version = entry.pointer.stable?.version;
    if (version !== undefined && asked.has(flow) && entry.serving?.version !== version) {
      entry.serving = { flow, version, loaded: await loadVersion(flow, version) };
    }
    entries.set(flow, entry);
  };

  const refreshAll = async (): Promise<void> => {
    triedAt = clock.elapsed();
    try {
      const due = new Set(asked);
      if (round++ % LIST_EVERY === 0) for (const name of await listFlows(store)) due.add(name);
      await Promise.all([...due].map(readPointer));
      failure = undefined;
    } catch (error) {
      failure ??= { since: clock.now().toISOString(), message: messageOf(error) };
    }
  };

  const refresh = (): Promise<void> => {
    refreshing ??= refreshAll().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };

  const tick = (): void => {
    if (clock.elapsed() - usedAt < IDLE_MS) {
      void refresh();
    } else {
      clearInterval(timer);
      timer = undefined;
    }
  };

  /** Only a process that has never looked, or not for long, makes a request wait for storage. */
  const use = async (): Promise<void> => {
    usedAt = clock.elapsed();
    if (usedAt - triedAt > STALE_MS) await refresh();
    if (timer) return;
    timer = setInterval(tick, REFRESH_MS);
    timer.unref();
  };

  return {
    async serving(flow) {
      await use();
      const ready = entries.get(flow)?.serving;
      if (ready) return ready;
      if (!isFlowName(flow)) return undefined;
      if (clock.elapsed() - (absent.get(flow) ?? -Infinity) < REFRESH_MS) return undefined;
      asked.add(flow);
      try {
        await readPointer(flow);
      } finally {
        // A name that serves nothing is forgotten: it must cost the refreshes nothing.
        if (!entries.get(flow)?.serving) asked.delete(flow);
      }
      const found = entries.get(flow)?.serving;
      if (!found) {
        if (absent.size > 1000) absent.clear();
        absent.set(flow, clock.elapsed());
      }
      return found;
    },
    async flows() {
      await use();
      const serving = [...entries.values()].filter(({ pointer }) => pointer.stable);
      return serving.map(({ pointer }) => pointer.flow).sort();
    },
    health: () => ({
      storage: failure ? "unreachable" : "ok",
      since: failure?.since,
      message: failure?.message,
    }),
    close: () => clearInterval(timer),
  };
}
