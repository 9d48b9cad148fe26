import { advanceRelease } from "../../../pipelines/release/advance-release.ts";
import { actOnCommand } from "../../../pipelines/release/act-on-command.ts";
import type { Evidence } from "../../../pipelines/release/evidence.ts";
import { handleVerdict } from "../../../pipelines/release/handle-verdict.ts";
import type { ReleaseDependencies } from "../../../pipelines/release/release-dependencies.ts";
import { sha256 } from "../../../shared/model/canonical.ts";
import type { CanaryRollout, Rollout } from "../../../shared/model/flow.ts";
import type { LedgerEntry, ReleasePointer } from "../../../shared/model/release.ts";
import type { RunPlan, Verdict, VerdictOutcome } from "../../../shared/model/run.ts";
import type { ReleaseRequest, ReleaseVerb } from "../../../shared/model/status.ts";
import type { FlowgateEvent } from "../../../shared/ports/events.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { readJson } from "../../../shared/registry/json-blob.ts";
import { readLedger } from "../../../shared/registry/ledger.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createMemoryQueue, type MemoryQueue } from "../../fakes/memory-queue.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";

export const FLOW = "shop";
const MINUTE = 60_000;

export const CANARY: CanaryRollout = {
  kind: "canary",
  steps: [0.05, 0.5],
  minSessions: 100,
  minTimeMs: 10 * MINUTE,
  maxTimeMs: 24 * 60 * MINUTE,
  quietMs: 30 * MINUTE,
  soakMs: 60 * MINUTE,
  approval: "none",
  expiresMs: 24 * 60 * MINUTE,
  margin: 0.05,
};

/** Storage, a queue and a clock with a release in them, as the stages before would leave them. */
export interface ReleaseWorld {
  dependencies: ReleaseDependencies;
  store: BlobStore;
  queue: MemoryQueue;
  published: FlowgateEvent[];
  /** What the next look at the traffic shows; undefined: nothing can be read. */
  seen: Partial<Evidence> | undefined;
  /** Stores a version, a run of it and its verdict, and makes the run the current one. Returns the run. */
  judge(
    version: string,
    outcome?: VerdictOutcome,
    options?: {
      rollout?: Rollout;
      baseline?: string | null;
      suite?: string;
      retry?: number;
      purpose?: RunPlan["purpose"];
    },
  ): Promise<string>;
  deliver(run: string): Promise<void>;
  /** `judge` and `deliver`. */
  push(...parameters: Parameters<ReleaseWorld["judge"]>): Promise<string>;
  /** Lets the storage service's clock go on, and looks. */
  tick(minutes?: number): Promise<void>;
  command(verb: ReleaseVerb, request?: Partial<ReleaseRequest>): Promise<ReleasePointer>;
  pointer(): Promise<ReleasePointer | undefined>;
  ledger(): Promise<LedgerEntry[]>;
  kinds(): Promise<string[]>;
  /** Loses or restores a version's file. */
  lose(version: string, isLost?: boolean): Promise<void>;
  /** Moves the storage service's clock. */
  wait(minutes: number): void;
  /** By the storage service's clock, in milliseconds. */
  now(): number;
}

export function createReleaseWorld(wrap: (store: BlobStore) => BlobStore = (store) => store): ReleaseWorld {
  let time = Date.parse("2026-11-26T10:00:00.000Z");
  let sequence = 0;
  const plain = createMemoryBlobStore(() => new Date(time));
  const queue = createMemoryQueue();
  const published: FlowgateEvent[] = [];
  const world: ReleaseWorld = {
    store: plain,
    queue,
    published,
    seen: undefined,
    dependencies: {
      store: wrap(plain),
      queue,
      telemetry: createMemoryTelemetry(),
      events: { publish: async (event) => void published.push(event) },
      // This machine's clock is an hour off: durations must not depend on it.
      clock: { now: () => new Date(time - 3_600_000), elapsed: () => 0, sleep: async () => {} },
      readEvidence: async ({ rollout, canary, state }) => {
        if (!world.seen || !rollout) return undefined;
        const steps = rollout.plan.kind === "canary" ? rollout.plan.steps.length : 0;
        return {
          rolloutId: rollout.id,
          step: state === "soaking" ? steps + 1 : (canary?.step ?? 0),
          canarySessions: 0,
          stableSessions: 1000,
          newestAt: new Date(time).toISOString(),
          signal: undefined,
          brokenSplit: false,
          ...world.seen,
        };
      },
    },
    async judge(version, outcome = "pass", options = {}) {
      const stable = (await world.pointer())?.stable?.version;
      const { rollout, suite = "suite", retry, purpose = "candidate" } = options;
      const baseline = options.baseline === undefined ? stable : (options.baseline ?? undefined);
      const content = `prompt of ${version}`;
      const manifest = { flow: FLOW, id: version, files: [{ path: "p", sha256: sha256(content), bytes: 1 }] };
      await plain.create("registry", registryPath.version(FLOW, version), JSON.stringify(manifest));
      await plain.create("registry", registryPath.versionFile(FLOW, version, "p"), content);
      sequence++;
      const run = `run-${sequence}`;
      const about = { flow: FLOW, version, suite, baseline, purpose };
      const plan: Partial<RunPlan> = { id: run, ...about, rollout, retry };
      const verdict: Partial<Verdict> = {
        run,
        ...about,
        outcome,
        requirements: [],
        reasons: [`It is ${outcome}.`],
      };
      await plain.write("registry", registryPath.plan(FLOW, run), JSON.stringify(plan));
      await plain.write("registry", registryPath.verdict(FLOW, run), JSON.stringify(verdict));
      const current = registryPath.currentRun({ container: "flows", flow: FLOW });
      await plain.write("registry", current, JSON.stringify({ sequence, run }));
      return run;
    },
    deliver: (run) => handleVerdict({ flow: FLOW, run }, world.dependencies),
    async push(...parameters) {
      const run = await world.judge(...parameters);
      await world.deliver(run);
      return run;
    },
    async tick(minutes = 0) {
      world.wait(minutes);
      await advanceRelease(FLOW, world.dependencies);
    },
    async command(verb, request = {}) {
      // As the command line does: it sends what it saw.
      const { generation } = (request.rolloutId === undefined && (await world.pointer())) || {};
      return actOnCommand(
        FLOW,
        verb,
        { generation, reason: "because", actor: "Ada", ...request },
        world.dependencies,
      );
    },
    pointer: async () =>
      (await readJson<ReleasePointer>(plain, "registry", registryPath.release(FLOW)))?.value,
    ledger: () => readLedger(plain, FLOW),
    kinds: async () => (await world.ledger()).map(({ kind }) => kind),
    async lose(version, isLost = true) {
      const content = isLost ? "something else" : `prompt of ${version}`;
      await plain.write("registry", registryPath.versionFile(FLOW, version, "p"), content);
    },
    wait: (minutes) => (time += minutes * MINUTE),
    now: () => time,
  };
  return world;
}

/** A world in which `one` serves and `two` is at the first step of a canary. */
export async function createCanaryWorld(plan: Partial<CanaryRollout> = {}): Promise<ReleaseWorld> {
  const world = createReleaseWorld();
  await world.push("one");
  await world.push("two", "pass", { rollout: { ...CANARY, ...plan } });
  return world;
}

/** Traffic enough for a step, without a reason to go back. */
export const GOOD: Partial<Evidence> = { canarySessions: 120 };
export const BAD: Partial<Evidence> = {
  canarySessions: 20,
  signal: { defect: "error", canary: 6, stable: 3 },
};
