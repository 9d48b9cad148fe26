import { messageOf, RetryLaterError } from "../../shared/errors.ts";
import type { LoadedFlow } from "../../shared/flow/load-flow.ts";
import { isFlowName } from "../../shared/model/flow-name.ts";
import type { ReleasePointer } from "../../shared/model/release.ts";
import type { Arm } from "../../shared/model/traffic.ts";
import { versionName } from "../../shared/model/version.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { listFlows } from "../../shared/registry/flow-status.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { LoadVersion } from "../../shared/registry/version-loader.ts";
import { bucketOfSession } from "./assign-session.ts";
import { atMost } from "../../shared/at-most.ts";
import { stoppedFlow } from "./chat-error.ts";

/** The version of a flow that answers now, ready in memory. */
export interface ServingVersion {
  flow: string;
  version: string;
  loaded: LoadedFlow;
  /** A person switched the flow off: it is to answer nobody. */
  stopped?: boolean;
  /** Whose share of a rollout's sessions it answers; undefined where none is under way. */
  share?: ServedShare | undefined;
  /** Whose candidate answers a share of its turns too, unseen. */
  shadow?: ShadowShare | undefined;
}

export interface ShadowShare {
  rollout: string;
  version: string;
  share: number;
}

export interface ServedShare {
  arm: Arm;
  rollout: string;
  /** From 1; one after the last while the new version soaks. */
  step: number;
  /** The canary's. */
  weight: number;
  /** A turn that takes longer is a defect. */
  latencyObjectiveMs: number | undefined;
}

/**
 * What serves, kept in memory. A warm process answers without a storage call: pointers are read again in the
 * background, a new version is made ready before it takes over, and while storage is gone, or does not answer, the last
 * known good one goes on serving.
 */
export interface FlowCatalog {
  /** The version for a session: the canary for its share of the sessions, stable for all others. */
  serving(flow: string, session?: string): Promise<ServingVersion | undefined>;
  /** The names of all flows that serve, sorted. */
  flows(): Promise<string[]>;
  health(): CatalogHealth;
  close(): void;
}

export interface CatalogHealth {
  storage: "ok" | "unreachable";
  /** Since when and why it cannot be reached. */
  since: string | undefined;
  message: string | undefined;
  /** What is to serve and cannot be made ready, with why: the version before it goes on. Absent: nothing. */
  notReady?: string[];
}

interface Entry {
  etag: string;
  pointer: ReleasePointer;
  serving: ServingVersion | undefined;
  canary: (ServingVersion & { seed: string }) | undefined;
  /** Why the stable version cannot be made ready. */
  failure?: Error | undefined;
}

const REFRESH_MS = 1_000;
/** The list of all flows changes rarely: it is read with every tenth refresh. */
const LIST_EVERY = 10;
/** After a pause this long, what is in memory may be long out of date; a refresh that takes this long has failed. */
const STALE_MS = 30_000;
/** So long a request waits for storage after a pause; then what is in memory is good enough. */
const WAKE_MS = 2_000;
/** So long one waits for the pointer of a flow that is not in memory. */
const LOOK_UP_MS = 10_000;
/** So long a version that cannot be read is not read again: it does not get better by itself. */
const UNREADABLE_MS = 30_000;
/** A process that answers nobody reads nothing: it may be about to be scaled to zero. */
const IDLE_MS = 10 * 60_000;

const HANGS = "Storage does not answer.";

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
  const unreadable = new Map<string, { error: unknown; until: number }>();
  let tried = { at: -Infinity, date: "" };
  let usedAt = -Infinity;
  let awakeAt = -Infinity;
  let round = 0;
  let refreshing: Promise<void> | undefined;
  let waking: Promise<unknown> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failure: { since: string; message: string } | undefined;

  const readPointer = async (flow: string): Promise<void> => {
    const name = registryPath.release(flow);
    const known = entries.get(flow);
    const blob = known
      ? await store.readIfChanged("registry", name, known.etag)
      : await store.read("registry", name);
    // One that was read at the same time, and faster, is as new.
    if (blob !== undefined && blob !== "unchanged" && entries.get(flow) === known) {
      const pointer = JSON.parse(blob.body.toString("utf8")) as ReleasePointer;
      const stopped = pointer.stopped !== undefined;
      // Whether it may answer holds at once, whatever becomes of the version that is to answer.
      const serving = known?.serving && { ...known.serving, stopped };
      const canary = known?.canary && { ...known.canary, stopped };
      entries.set(flow, { etag: blob.etag, pointer, serving, canary });
    }
    const entry = entries.get(flow);
    if (entry && blob !== undefined && asked.has(flow)) await makeReady(flow, entry);
  };

  const load = async (flow: string, version: string): Promise<LoadedFlow> => {
    const name = versionName(flow, version);
    const known = unreadable.get(name);
    if (known && clock.elapsed() < known.until) throw known.error;
    unreadable.delete(name);
    try {
      return await loadVersion(flow, version);
    } catch (error) {
      const until = clock.elapsed() + UNREADABLE_MS;
      if (!(error instanceof RetryLaterError)) unreadable.set(name, { error, until });
      throw error;
    }
  };

  const makeReady = async (flow: string, entry: Entry): Promise<void> => {
    const { stable, canary } = entry.pointer;
    const stopped = entry.pointer.stopped !== undefined;
    const ready = async (version: string, known: ServingVersion | undefined): Promise<LoadedFlow> =>
      known?.version === version ? known.loaded : load(flow, version);
    let failed: Error | undefined;
    if (stable) {
      // What was the canary a moment ago is in memory already.
      const known = [entry.serving, entry.canary].find((one) => one?.version === stable.version);
      await ready(stable.version, known).then(
        (loaded) => {
          entry.serving = {
            flow,
            version: stable.version,
            loaded,
            stopped,
            share: shareOf(entry.pointer, "stable"),
            shadow: shadowOf(entry.pointer),
          };
        },
        (error: unknown) => {
          failed = error instanceof Error ? error : new Error(messageOf(error));
        },
      );
    }
    entry.failure = failed;
    // A canary that cannot be made ready is no reason to keep stable from answering.
    entry.canary =
      canary &&
      (await ready(canary.version, entry.canary).then(
        (loaded) => ({
          flow,
          version: canary.version,
          loaded,
          stopped,
          share: shareOf(entry.pointer, "canary"),
          seed: canary.seed,
        }),
        () => undefined,
      ));
  };

  const refreshAll = async (): Promise<void> => {
    const mine = { at: clock.elapsed(), date: clock.now().toISOString() };
    tried = mine;
    let failed: string | undefined;
    try {
      const due = new Set(asked);
      if (round++ % LIST_EVERY === 0) for (const name of await listFlows(store)) due.add(name);
      await Promise.all([...due].map(readPointer));
      failed = [...entries.values()].find((entry) => entry.failure instanceof RetryLaterError)?.failure
        ?.message;
    } catch (error) {
      failed = messageOf(error);
    }
    // One that was given up says nothing of what is now.
    if (tried !== mine) return;
    failure = failed === undefined ? undefined : (failure ?? { since: mine.date, message: failed });
  };

  /** One at a time; one that hangs is given up, so that what changes meanwhile is seen once storage answers again. */
  const refresh = (): Promise<void> => {
    if (refreshing && clock.elapsed() - tried.at <= STALE_MS) return refreshing;
    if (refreshing) failure ??= { since: tried.date, message: HANGS };
    const current = refreshAll().finally(() => {
      if (refreshing === current) refreshing = undefined;
    });
    refreshing = current;
    return current;
  };

  /** After a pause there is something to wait for, and all who come then wait for it. */
  const wake = (): Promise<unknown> | undefined => {
    const paused = clock.elapsed() - awakeAt > STALE_MS;
    awakeAt = clock.elapsed();
    if (paused) {
      const current = atMost(refresh(), WAKE_MS).then((done) => {
        if (!done && entries.size === 0) failure ??= { since: tried.date, message: HANGS };
        if (waking === current) waking = undefined;
      });
      waking = current;
    }
    return waking;
  };

  const tick = (): void => {
    if (clock.elapsed() - usedAt < IDLE_MS) {
      void wake();
      void refresh();
    } else {
      clearInterval(timer);
      timer = undefined;
    }
  };

  /** Only a process that has never looked, or not for long, makes a request wait for storage, and not for long. */
  const use = async (): Promise<void> => {
    usedAt = clock.elapsed();
    await wake();
    if (timer) return;
    timer = setInterval(tick, REFRESH_MS);
    timer.unref();
  };

  return {
    async serving(flow, session) {
      await use();
      const ready = choose(entries.get(flow), session);
      if (ready) return ready;
      if (!isFlowName(flow)) return undefined;
      if (clock.elapsed() - (absent.get(flow) ?? -Infinity) < REFRESH_MS) return undefined;
      asked.add(flow);
      try {
        if (!(await atMost(readPointer(flow), LOOK_UP_MS))) throw new RetryLaterError(HANGS);
      } finally {
        // A name that serves nothing is forgotten: it must cost the refreshes nothing.
        if (!entries.get(flow)?.serving) asked.delete(flow);
      }
      const entry = entries.get(flow);
      const found = choose(entry, session);
      if (!found && entry?.pointer.stopped) throw stoppedFlow(flow);
      if (!found && entry?.failure) throw entry.failure;
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
    health() {
      const { since, message } = failure ?? {};
      const notReady = [...entries.values()].flatMap(({ pointer: { flow, stable }, failure: why }) =>
        why && !(why instanceof RetryLaterError) ? `${flow}@${stable?.version}: ${why.message}` : [],
      );
      const storage = failure ? "unreachable" : "ok";
      return { storage, since, message, ...(notReady.length > 0 && { notReady }) };
    },
    close: () => clearInterval(timer),
  };
}

function choose(entry: Entry | undefined, session: string | undefined): ServingVersion | undefined {
  const canary = entry?.canary;
  if (!canary?.share || session === undefined || session === "") return entry?.serving;
  return bucketOfSession(session, canary.seed) < canary.share.weight ? canary : entry?.serving;
}

/** What a version answers of a rollout. While the new version soaks, it is the canary with all sessions. */
function shareOf({ canary, rollout, state }: ReleasePointer, arm: Arm): ServedShare | undefined {
  if (rollout?.plan.kind !== "canary") return undefined;
  const { steps, latencyObjectiveMs } = rollout.plan;
  if (state === "soaking") {
    return { arm: "canary", rollout: rollout.id, step: steps.length + 1, weight: 1, latencyObjectiveMs };
  }
  if (!canary) return undefined;
  return { arm, rollout: rollout.id, step: canary.step, weight: canary.weight, latencyObjectiveMs };
}

function shadowOf({ canary, rollout, state }: ReleasePointer): ShadowShare | undefined {
  if (state !== "canary" || canary?.step !== 0 || rollout?.plan.kind !== "canary") return undefined;
  const { shadow } = rollout.plan;
  return shadow && { rollout: rollout.id, version: canary.version, share: shadow.share };
}
