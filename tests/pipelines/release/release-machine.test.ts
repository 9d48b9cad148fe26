import fc from "fast-check";
import { expect, test } from "vitest";
import type { Evidence } from "../../../pipelines/release/evidence.ts";
import { tellRelease } from "../../../pipelines/release/tell-release.ts";
import { verifies } from "../../../pipelines/release/verifies.ts";
import { ConflictError, PermanentError, RetryLaterError } from "../../../shared/errors.ts";
import type { CanaryRollout } from "../../../shared/model/flow.ts";
import type {
  CanaryShare,
  LedgerEntry,
  ReleasePointer,
  ReleaseState,
} from "../../../shared/model/release.ts";
import type { Verdict, VerdictOutcome } from "../../../shared/model/run.ts";
import { RELEASE_VERBS, type ReleaseVerb } from "../../../shared/model/status.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { readJson } from "../../../shared/registry/json-blob.ts";
import { chainHolds } from "../../../shared/registry/ledger.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { leftUndone, wasTakenBack, WriteWatch } from "./release-invariants.ts";
import { BAD, CANARY, createReleaseWorld, FLOW, GOOD, type ReleaseWorld } from "./release-world.ts";

/** What goes wrong at the next write of the pointer, or right after it. */
const FAULTS = ["refused", "lost", "killed", "unannounced", "raced"] as const;
type Fault = (typeof FAULTS)[number];

class Killed extends Error {}

/** A world in which the next write may go wrong in one of the ways that storage and processes have. */
class Real {
  readonly world: ReleaseWorld;
  fault: Fault | undefined;
  /** Entries that the invariants were checked of. */
  checked = 0;
  readonly visited = new Set<ReleaseState>();
  readonly watch = new WriteWatch();

  constructor() {
    this.world = createReleaseWorld((store) => this.withFaults(store));
    const { dependencies } = this.world;
    const { events } = dependencies;
    dependencies.events = {
      publish: async (event) => {
        // Down for as long as it takes: nothing may wait for it.
        if (this.fault === "unannounced") throw new Error("The topic is down.");
        await events.publish(event);
      },
    };
  }

  takes(fault: Fault): boolean {
    if (this.fault !== fault) return false;
    this.fault = undefined;
    return true;
  }

  written(body: string): void {
    this.watch.written(JSON.parse(body) as ReleasePointer, this.world.now());
  }

  withFaults(store: BlobStore): BlobStore {
    const isPointer = (name: string): boolean => name === registryPath.release(FLOW);
    const before = async (name: string): Promise<void> => {
      if (!isPointer(name)) return;
      if (this.takes("refused")) throw new ConflictError("412");
      if (this.takes("raced")) await this.world.command("pause").catch(() => {});
    };
    return {
      ...store,
      create: async (container, name, body) => {
        if (name.includes("/ledger/") && this.takes("killed")) throw new Killed();
        await before(name).catch(() => {});
        const made = await store.create(container, name, body);
        if (isPointer(name) && made && typeof body === "string") this.written(body);
        if (isPointer(name) && this.takes("lost")) throw new RetryLaterError("no reply");
        return made;
      },
      write: async (container, name, body, options) => {
        await before(name);
        const etag = await store.write(container, name, body, options);
        if (isPointer(name) && typeof body === "string") this.written(body);
        if (isPointer(name) && this.takes("lost")) throw new RetryLaterError("no reply");
        return etag;
      },
    };
  }

  /** As the platform does: what failed for a passing reason is delivered again. */
  async deliver(work: () => Promise<unknown>): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        await work();
        return;
      } catch (error) {
        if (error instanceof ConflictError || error instanceof PermanentError) return;
        if (!(error instanceof Killed) && !(error instanceof RetryLaterError)) throw error;
      }
    }
    throw new Error("It fails again and again.");
  }
}

const WITH_CANARY: ReadonlySet<ReleaseState> = new Set([
  "canary",
  "paused",
  "promoting",
  "aborting",
  "blocked",
]);

/** What must hold after whatever happened. `good`: whether the traffic gave no reason to go back, and was enough. */
async function holds(real: Real, good: boolean): Promise<void> {
  const { world } = real;
  const pointer = await world.pointer();
  if (!pointer) return;
  real.visited.add(pointer.state);
  expect(real.watch.wrong).toEqual([]);
  // Whoever comes next completes what a process left that died; nothing is due at this very moment but that.
  const entries = await world.ledger();
  expect(chainHolds(entries)).toBe(true);
  expect(pointer.generation - entries.length).toBeLessThanOrEqual(0);
  expect(entries.at(-1)).toEqual(JSON.parse(JSON.stringify(pointer.entry)));

  expect(pointer.canary?.version).not.toBe(pointer.stable?.version ?? "");
  if (pointer.canary) expect(WITH_CANARY.has(pointer.state)).toBe(true);
  if (pointer.state === "canary") expect(pointer.canary?.version).toBe(pointer.rollout?.candidate.version);
  expect(pointer.rollout === undefined).toBe(pointer.state === "idle");
  if (pointer.state === "idle") expect(pointer.canary).toBeUndefined();
  const switched = entries.findLast(({ kind }) => kind === "stopped" || kind === "served_again");
  expect(pointer.stopped !== undefined).toBe(switched?.kind === "stopped");

  for (const entry of entries.slice(real.checked)) await entryHolds(entry, entries, good, world);
  real.checked = entries.length;

  const told = new Set(world.published.map(({ id }) => id));
  const silent = new Set(["superseded", "queued", "promoting"]);
  for (const { kind, hash } of entries) expect(told.has(hash)).toBe(!silent.has(kind));
}

async function entryHolds(
  entry: LedgerEntry,
  entries: LedgerEntry[],
  good: boolean,
  { store }: ReleaseWorld,
): Promise<void> {
  const { kind, run = "", version, actor, rollout, from } = entry;
  if (kind === "promoted") {
    const verdict = await readJson<Verdict>(store, "registry", registryPath.verdict(FLOW, run));
    const byPerson = entries.some((one) => one.actor === "Ada" && (one === entry || one.rollout === rollout));
    expect(verdict?.value.outcome === "pass" || byPerson).toBe(true);
    expect(await verifies(store, FLOW, version)).toBe(true);
  }
  const begins = kind === "canary_started" || (kind === "promoted" && rollout === undefined);
  if (begins && actor === "system") {
    // There is a way back, and what was taken back does not come again by itself.
    if (from !== undefined) expect(await verifies(store, FLOW, from)).toBe(true);
    expect(wasTakenBack(version, entries.slice(0, entry.sequence - 1))).toBe(false);
  }
  if (kind === "canary_advanced" || (kind === "promoting" && actor === "system")) expect(good).toBe(true);
  if (kind === "rolled_back") expect(await verifies(store, FLOW, entry.version)).toBe(true);
}

/** No number of sessions stands for answers that were compared; who answers unseen has no sessions. */
function shadowHolds(
  before: CanaryShare | undefined,
  after: CanaryShare | undefined,
  evidence: Partial<Evidence> | undefined,
): void {
  if (before?.step === 0 && after?.step === 1) expect(evidence).toBe(GOOD_UNSEEN);
  if (after) expect(after.weight === 0).toBe(after.step === 0);
}

async function isAt(generation: number, world: ReleaseWorld): Promise<void> {
  expect((await world.pointer())?.generation).toBe(generation);
}

interface Model {
  good: boolean;
}
type Operation = fc.AsyncCommand<Model, Real>;

function operation(words: string, run: (real: Real, model: Model) => Promise<void>): Operation {
  return {
    check: () => true,
    async run(model, real) {
      await run(real, model);
      // A moment later the process that died is replaced, and a timer fires: it completes and need not advance.
      real.fault = undefined;
      real.world.seen = { canarySessions: 0 };
      await tellRelease(FLOW, real.world.dependencies);
      await holds(real, model.good);
      model.good = false;
    },
    toString: () => words,
  };
}

const version = fc.integer({ min: 1, max: 5 }).map((number) => `v${number}`);
const fault = fc.option(fc.constantFrom(...FAULTS), { nil: undefined, freq: 2 });
const rollout = fc.constantFrom<(CanaryRollout | undefined)[]>(
  undefined,
  CANARY,
  CANARY,
  { ...CANARY, approval: "each" },
  { ...CANARY, approval: "last", soakMs: 0 },
  { ...CANARY, shadow: { share: 0.1, minTurns: 50, noWorseThan: 0.05 } },
);

/** What turns show that both versions answered, while nobody is served by the candidate. */
const GOOD_UNSEEN: Partial<Evidence> = {
  canarySessions: 0,
  shadow: { turns: 60, mean: 0.5, noWorse: 4, worse: -1 },
};
const BAD_UNSEEN: Partial<Evidence> = {
  canarySessions: 0,
  shadow: { turns: 60, mean: 0.1, noWorse: -9, worse: 9 },
};

const push = fc
  .tuple(
    version,
    fc.constantFrom<VerdictOutcome[]>("pass", "pass", "pass", "fail", "inconclusive", "error"),
    rollout,
    fault,
  )
  .map(([name, outcome, plan, wrong]) =>
    operation(`push ${name} ${outcome} ${plan?.approval ?? "immediate"} ${wrong ?? ""}`, async (real) => {
      const run = await real.world.judge(name, outcome, plan ? { rollout: plan } : {});
      real.fault = wrong;
      await real.deliver(() => real.world.deliver(run));
      await real.deliver(() => real.world.deliver(run));
    }),
  );

const seen = fc.constantFrom<[string, Partial<Evidence> | undefined][]>(
  ["good", GOOD],
  ["good", GOOD],
  ["bad", BAD],
  ["good unseen", GOOD_UNSEEN],
  ["bad unseen", BAD_UNSEEN],
  ["too little", { canarySessions: 5 }],
  ["a broken split", { canarySessions: 500, brokenSplit: true }],
  ["nothing", undefined],
);
const tick = fc
  .tuple(fc.constantFrom(0, 1, 11, 61, 1500, -600), seen, fault)
  .map(([minutes, [words, evidence], wrong]) =>
    operation(`tick ${minutes} ${words} ${wrong ?? ""}`, async (real, model) => {
      real.world.seen = evidence;
      model.good = evidence === GOOD || evidence === GOOD_UNSEEN;
      real.fault = wrong;
      real.world.wait(minutes);
      const before = await real.world.pointer();
      await real.deliver(() => real.world.tick());
      const after = await real.world.pointer();
      shadowHolds(before?.canary, after?.canary, evidence);
      const undone = leftUndone(before, after, evidence, real.world.now());
      if (undone !== undefined) real.watch.wrong.push(undone);
    }),
  );

const asked = (verbs: readonly ReleaseVerb[], isStale: fc.Arbitrary<boolean>) =>
  fc
    .tuple(fc.constantFrom(...verbs), isStale, fault)
    .map(([verb, isStale, wrong]: [ReleaseVerb, boolean, Fault | undefined]) =>
      operation(`${verb}${isStale ? " stale" : ""} ${wrong ?? ""}`, async (real) => {
        const pointer = await real.world.pointer();
        if (!pointer) return;
        real.fault = wrong;
        const generation = pointer.generation - (isStale ? 1 : 0);
        const request = { generation, key: `${verb} ${pointer.generation} ${isStale}` };
        await real.deliver(() => real.world.command(verb, request));
        // A stale request changes nothing, except that a flow is stopped whatever was seen.
        if (isStale && verb !== "stop" && wrong !== "raced") await isAt(pointer.generation, real.world);
      }),
    );

const person = asked(RELEASE_VERBS, fc.boolean());
/** Drawn more often: whatever waits meanwhile must not get lost, and few rollouts get far without an approval. */
const wayBack = asked(["rollback", "approve", "approve"], fc.constant(false));

const damage = fc.tuple(version, fc.boolean()).map(([name, isLost]) =>
  operation(`${isLost ? "lose" : "restore"} ${name}`, async (real) => {
    if (await real.world.store.read("registry", registryPath.version(FLOW, name)))
      await real.world.lose(name, isLost);
  }),
);

/** A rollout that gets a good step further, whatever was drawn; and may then find its files gone. */
const goodStep = fc.boolean().map((isLost) =>
  operation(`good step${isLost ? ", and its files are lost" : ""}`, async (real, model) => {
    model.good = true;
    real.world.seen = GOOD;
    real.world.wait(11);
    await real.world.tick();
    const { rollout, state } = (await real.world.pointer()) ?? {};
    if (isLost && state === "promoting" && rollout) await real.world.lose(rollout.candidate.version);
  }),
);

test("whatever happens, in whatever order, and whatever goes wrong on the way", async () => {
  const visited = new Set<ReleaseState>();
  await fc.assert(
    fc.asyncProperty(
      fc.commands([push, push, tick, tick, tick, goodStep, person, wayBack, damage], {
        maxCommands: 40,
        size: "max",
      }),
      async (operations) => {
        const real = new Real();
        await fc.asyncModelRun(() => ({ model: { good: false }, real }), operations);
        for (const state of real.visited) visited.add(state);
      },
    ),
    { numRuns: 200 },
  );
  for (const state of ["idle", "awaiting_approval", "canary", "paused", "soaking", "blocked"] as const) {
    expect(visited).toContain(state);
  }
});
