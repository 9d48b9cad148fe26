import { describe, expect, test } from "vitest";
import { releaseTime } from "../../../pipelines/release/release-clock.ts";
import { createReleaseTicker } from "../../../pipelines/release/release-ticker.ts";
import { ConflictError, PermanentError } from "../../../shared/errors.ts";
import type { ReleasePointer } from "../../../shared/model/release.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import type { MemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { createStillClock } from "../../fakes/still-clock.ts";
import {
  BAD,
  CANARY,
  createCanaryWorld,
  createReleaseWorld,
  FLOW,
  GOOD,
  type ReleaseWorld,
} from "./release-world.ts";

describe("bugs that others shipped", () => {
  test.each([
    ["nothing can be read", undefined],
    ["nobody came", { canarySessions: 0, stableSessions: 0 }],
    ["only stable was asked", { canarySessions: 0 }],
    ["nothing to compare with", { canarySessions: 500, stableSessions: 0 }],
    ["a count that is no number", { canarySessions: Number.NaN }],
    ["the counts of another step", { canarySessions: 500, step: 2 }],
    ["the counts of another rollout", { canarySessions: 500, rolloutId: "another" }],
  ])("no evidence is no pass: %s", async (_what, seen) => {
    const world = await createCanaryWorld();
    world.seen = seen;
    for (let minute = 0; minute < 29; minute++) await world.tick(1);
    expect((await world.pointer())?.canary?.step).toBe(1);
    expect((await world.pointer())?.stable?.version).toBe("one");
  });

  test("inconclusive never promotes, immediate or not", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.push("two", "inconclusive");
    await world.push("three", "inconclusive", { rollout: CANARY });
    world.seen = GOOD;
    for (let day = 0; day < 3; day++) await world.tick(24 * 60);
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
  });

  test("a newer version is neither lost nor served half", async () => {
    const world = await createCanaryWorld();
    const before = (await world.pointer())?.canary;
    await world.push("three", "pass", { rollout: CANARY });
    expect((await world.pointer())?.canary).toEqual(before);
    world.seen = BAD;
    await world.tick();
    world.seen = undefined;
    await world.tick();
    expect(await world.pointer()).toMatchObject({ canary: { version: "three", step: 1, weight: 0.05 } });
  });

  test("an abort is never ignored and never touches what serves by itself", async () => {
    const world = await createCanaryWorld();
    const { rollout, generation = 0 } = (await world.pointer()) ?? {};
    const request = { rolloutId: rollout?.id ?? "" };
    await world.command("pause");
    // An abort that saw an older generation wins all the same.
    await world.command("abort", { ...request, generation });
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
    await expect(world.command("abort", request)).rejects.toThrow("is over");
    await expect(world.command("abort")).rejects.toThrow("No rollout is under way");
    expect((await world.pointer())?.stable?.version).toBe("one");
  });

  test("an abort of the right rollout needs no right step", async () => {
    const world = await createCanaryWorld();
    await world.command("abort", { rolloutId: (await world.pointer())?.rollout?.id ?? "", step: 7 });
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
  });

  test.each(["pause", "resume"] as const)("%s asks for what was seen", async (verb) => {
    const world = await createCanaryWorld();
    if (verb === "resume") await world.command("pause");
    const { rollout, canary } = (await world.pointer()) ?? {};
    const rolloutId = rollout?.id ?? "";
    const nothing = { generation: undefined };
    await expect(world.command(verb, nothing)).rejects.toThrow("say what you saw: `generation`");
    await expect(world.command(verb, { rolloutId })).rejects.toThrow("say what you saw");
    await world.command(verb, { rolloutId, step: canary?.step });
    expect((await world.pointer())?.state).toBe(verb === "pause" ? "paused" : "canary");
  });

  test("an approval of what was to begin is none of a step that asks since", async () => {
    const world = await createCanaryWorld({ approval: "each" });
    const rolloutId = (await world.pointer())?.rollout?.id ?? "";
    await world.command("approve", { rolloutId });
    world.seen = GOOD;
    await world.tick(10);
    expect(await world.pointer()).toMatchObject({ state: "paused", rollout: { paused: "approval" } });
    // Its reply was lost, and it is sent again.
    await expect(world.command("approve", { rolloutId })).rejects.toThrow("say what you saw");
    expect((await world.pointer())?.state).toBe("paused");
    await world.command("approve", { rolloutId, step: 1 });
    expect((await world.pointer())?.state).toBe("canary");
  });

  test("the same content pushed again during its canary changes nothing, and what waits is older", async () => {
    const world = await createCanaryWorld();
    const before = await world.pointer();
    await world.push("two", "pass", { rollout: CANARY });
    expect(await world.pointer()).toEqual(before);
    await world.push("three", "pass", { rollout: CANARY });
    await world.push("two", "pass", { rollout: CANARY });
    expect(await world.pointer()).toMatchObject({ state: "canary", canary: { version: "two" } });
    expect((await world.pointer())?.pending).toBeUndefined();
    expect((await world.ledger()).at(-1)).toMatchObject({ kind: "superseded", version: "three" });
  });

  test("the same content pushed again while it waits for an approval changes nothing, and is gone once it is aborted", async () => {
    const world = await createCanaryWorld({ approval: "first" });
    const before = await world.pointer();
    expect(before?.state).toBe("awaiting_approval");
    await world.push("two", "pass", { rollout: { ...CANARY, approval: "first" } });
    expect(await world.pointer()).toEqual(before);
    await world.command("abort");
    await world.tick(1);
    expect((await world.pointer())?.state).toBe("idle");
    expect((await world.ledger()).at(-1)).toMatchObject({ kind: "rejected", version: "two" });
  });

  test("what serves, pushed again during a canary, waits in place of what was older and is compared again", async () => {
    const world = await createCanaryWorld({ soakMs: 0 });
    await world.push("three", "pass", { rollout: CANARY });
    await pushStableAgain(world);
    await world.tick(1);
    expect((await world.ledger()).at(-1)).toMatchObject({ kind: "superseded", version: "three" });
    const queued = await world.pointer();
    expect(queued).toMatchObject({ canary: { version: "two" }, pending: { version: "one", run: "run-1" } });
    await world.tick();
    expect(await world.pointer()).toEqual(queued);
    // The canary goes on meanwhile.
    world.seen = GOOD;
    await world.tick(10);
    expect((await world.pointer())?.canary?.step).toBe(2);
    await world.command("promote");
    await world.tick();
    expect(world.queue.take("flow-snapshots")).toMatchObject([{ version: "one" }]);
  });

  test("what serves, pushed again while a candidate is paused or waits for a person, waits too", async () => {
    const paused = await createCanaryWorld();
    await paused.command("pause");
    const waiting = createReleaseWorld();
    await waiting.push("one");
    await waiting.push("two", "inconclusive", { rollout: CANARY });
    for (const world of [paused, waiting]) {
      await pushStableAgain(world);
      await world.tick(1);
      expect(await world.pointer()).toMatchObject({ pending: { version: "one", run: "run-1" } });
    }
  });

  test("what serves without a verdict, pushed again during a canary, could not be decided on and is not kept", async () => {
    const world = await createCanaryWorld();
    await pushStableAgain(world);
    await world.store.delete("registry", registryPath.verdict(FLOW, "run-1"));
    await world.tick(1);
    expect((await world.pointer())?.pending).toBeUndefined();
  });

  test("what serves, pushed again during a canary that is taken back, goes on serving", async () => {
    const world = await createCanaryWorld();
    await pushStableAgain(world);
    await world.tick(1);
    expect((await world.ledger()).at(-1)).toMatchObject({ kind: "queued", version: "one" });
    await world.command("abort");
    await world.tick();
    expect((await world.pointer())?.pending).toBeUndefined();
    expect((await world.ledger()).at(-1)).toMatchObject({ kind: "superseded", reason: "It serves already." });
    expect(world.queue.take("flow-snapshots")).toEqual([]);
  });

  test("what serves, pushed again with another suite, is a candidate where production changed meanwhile", async () => {
    const world = await createCanaryWorld({ soakMs: 0 });
    const run = await world.judge("one", "pass", { suite: "new", purpose: "recertification" });
    await world.command("promote");
    await world.deliver(run);
    expect(world.queue.take("flow-snapshots")).toMatchObject([{ version: "one", suite: "new" }]);
  });

  test("a signal rolls back while somebody is asked for an approval", async () => {
    const world = await createCanaryWorld({ approval: "last", steps: [0.5] });
    world.seen = GOOD;
    await world.tick(10);
    expect((await world.pointer())?.rollout?.paused).toBe("approval");
    world.seen = BAD;
    await world.tick();
    expect((await world.kinds()).at(-1)).toBe("rolled_back");
  });

  test("a broken stable does not block its own fix", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.lose("one");
    await world.push("fix", "pass", { rollout: CANARY });
    expect((await world.pointer())?.state).toBe("blocked");
    await world.command("promote", { reason: "it mends production" });
    expect((await world.pointer())?.stable?.version).toBe("fix");
  });

  test("a version from which there is no way back does not block its own fix", async () => {
    const world = await createCanaryWorld();
    await world.command("promote");
    await world.lose("one");
    world.seen = BAD;
    await world.tick(1);
    expect(await world.pointer()).toMatchObject({ state: "blocked", stable: { version: "two" } });
    await world.push("fix");
    await world.tick();
    await world.tick();
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "fix" } });
    expect((await world.kinds()).slice(-3)).toEqual(["queued", "superseded", "promoted"]);
  });

  test("a stale write is refused with what stands now", async () => {
    const world = await createCanaryWorld();
    const { generation = 0 } = (await world.pointer()) ?? {};
    await world.command("pause", { generation });
    const refused: unknown = await world.command("resume", { generation }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConflictError);
    expect(String(refused)).toContain(`it is at generation ${generation + 1}, you saw ${generation}`);
    const current = (refused as ConflictError).current as ReleasePointer;
    expect(current).toMatchObject({ state: "paused", generation: generation + 1 });
  });
});

describe("time", () => {
  test("a tick late by a day takes one step, and a clock that jumps back takes none", async () => {
    const world = await createCanaryWorld({ quietMs: 1e12, maxTimeMs: 1e12, steps: [0.05, 0.25, 0.5] });
    world.seen = GOOD;
    await world.tick(24 * 60);
    expect((await world.pointer())?.canary?.step).toBe(2);
    await world.tick(-24 * 60);
    await world.tick(1);
    expect((await world.pointer())?.canary?.step).toBe(2);
    await world.tick(24 * 60 + 9);
    expect((await world.pointer())?.canary?.step).toBe(3);
  });

  test("a clock that jumps cannot promote without the samples", async () => {
    const world = await createCanaryWorld({ quietMs: 1e12, maxTimeMs: 1e12 });
    world.seen = { canarySessions: 99 };
    await world.tick(60 * 24 * 365);
    expect((await world.pointer())?.canary?.step).toBe(1);
  });

  test("one flow that cannot be advanced keeps no other one back", async () => {
    const world = await createCanaryWorld();
    await world.store.write("registry", registryPath.release("broken"), "{");
    world.seen = BAD;
    const problems: string[] = [];
    await createReleaseTicker(world.dependencies)((message) => problems.push(message));
    expect(problems).toEqual([expect.stringContaining("broken: ")]);
    expect((await world.kinds()).at(-1)).toBe("rolled_back");
    expect(await world.store.listFolders("registry", "")).toContain(FLOW);
  });
});

test("a topic that is down holds up no way back, and hears of it once it is up, each thing once and in order", async () => {
  const world = await createCanaryWorld();
  const { events } = world.dependencies;
  const before = world.published.length;
  world.dependencies.events = {
    publish: async () => {
      throw new PermanentError("Publishing was refused (401).");
    },
  };
  await world.command("pause");
  world.seen = BAD;
  await world.tick();
  expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
  await world.command("stop");
  const reports: string[] = [];
  const report = (message: string): void => void reports.push(message);
  const tick = createReleaseTicker(world.dependencies);
  await tick(report);
  await tick(report);
  expect(reports).toEqual(Array(2).fill("shop: 4 events are not out yet: Publishing was refused (401)."));
  world.dependencies.events = events;
  const mended = createReleaseTicker(world.dependencies);
  await mended(report);
  await mended(report);
  expect(reports).toHaveLength(2);
  const told = world.published.slice(before).map(({ type }) => type.slice("Flowgate.".length));
  expect(told).toEqual(["Paused", "RollingBack", "RolledBack", "Stopped"]);
  const counted = (world.dependencies.telemetry as MemoryTelemetry).events.map(
    ({ attributes }) => attributes["flowgate.sequence"],
  );
  expect(counted).toEqual([1, 2, 3, 4, 5, 6]);
});

test("what somebody else has told while this was slow to tell is not told again by the next look", async () => {
  const world = await createCanaryWorld();
  let isFirst = true;
  world.dependencies.events.publish = async (event) => {
    world.published.push(event);
    if (!isFirst) return;
    isFirst = false;
    await world.command("resume");
  };
  await world.command("pause");
  world.seen = {};
  await world.tick();
  expect(world.published.filter(({ type }) => type === "Flowgate.Resumed")).toHaveLength(1);
});

test("a release with nothing to do costs one request a tick, and is looked at again when it changes", async () => {
  const world = createReleaseWorld();
  await world.push("one");
  let reads = 0;
  const read: typeof world.store.read = async (...all) => {
    reads++;
    return world.store.read(...all);
  };
  const tick = createReleaseTicker({ ...world.dependencies, store: { ...world.store, read } });
  const report = (message: string): never => {
    throw new Error(message);
  };
  await tick(report);
  reads = 0;
  await tick(report);
  expect(reads).toBe(0);
  await world.push("two", "pass", { rollout: CANARY });
  world.seen = BAD;
  await tick(report);
  expect((await world.kinds()).at(-1)).toBe("rolled_back");
});

test("a rollout that holds is looked at again by the ticker that held it", async () => {
  const world = await createCanaryWorld();
  const tick = createReleaseTicker(world.dependencies);
  const report = (message: string): never => {
    throw new Error(message);
  };
  world.seen = GOOD;
  await tick(report);
  expect((await world.pointer())?.canary?.step).toBe(1);
  world.wait(10);
  await tick(report);
  expect((await world.pointer())?.canary?.step).toBe(2);
});

test("the storage service's clock counts, to the millisecond where this machine's agrees with it", async () => {
  const store = createMemoryBlobStore(() => new Date("2026-11-26T10:00:00.000Z"));
  const at = (now: string) => releaseTime({ store, clock: createStillClock(now) });
  expect(await at("2026-11-26T10:00:00.789Z")).toBe("2026-11-26T10:00:00.789Z");
  expect(await at("2026-11-26T10:00:09.000Z")).toBe("2026-11-26T10:00:00.000Z");
  expect(await at("2026-11-26T09:59:50.000Z")).toBe("2026-11-26T10:00:00.000Z");
});

describe("people", () => {
  test("rolling back again and again goes the way that it came, through a version that served twice", async () => {
    const world = createReleaseWorld();
    for (const version of ["zero", "one", "two"]) await world.push(version);
    const again = await world.push("one", "pass", { suite: "new" });
    await world.push("three");
    const seen: (string | undefined)[] = [];
    for (let step = 0; step < 3; step += 1) {
      await world.command("rollback");
      const { stable, previous } = (await world.pointer()) ?? {};
      seen.push(`${stable?.version} ${stable?.run} before ${previous?.version} ${previous?.run}`);
    }
    expect(seen).toEqual([
      `one ${again} before two run-3`,
      "two run-3 before one run-2",
      "one run-2 before zero run-1",
    ]);
  });

  test("the same key is the same request, also when its reply was lost and the release went on", async () => {
    const world = await createCanaryWorld();
    const { generation = 0 } = (await world.pointer()) ?? {};
    const request = { generation, key: "k1" };
    await world.command("pause", request);
    await world.command("pause", request);
    await world.command("resume");
    await world.command("pause", request);
    expect((await world.kinds()).slice(-2)).toEqual(["paused", "resumed"]);
  });

  test("the same key is the same request for who has looked again meanwhile", async () => {
    const world = createReleaseWorld();
    for (const version of ["zero", "one", "two"]) await world.push(version);
    await world.command("rollback", { key: "k1" });
    await world.command("stop");
    await world.command("rollback", { key: "k1" });
    expect((await world.pointer())?.stable?.version).toBe("one");
  });

  test("stop a flow whatever was seen, and it stays stopped through all that its release does", async () => {
    const world = await createCanaryWorld();
    const stopped = await world.command("stop", { generation: 0, reason: "it swears" });
    expect(stopped).toMatchObject({ state: "canary", stopped: { reason: "it swears" } });
    await world.command("abort");
    expect(await world.pointer()).toMatchObject({ state: "idle", stopped: { reason: "it swears" } });
    await world.command("stop");
    const served = await world.command("serve", { reason: "mended" });
    expect(served.stopped).toBeUndefined();
    expect((await world.kinds()).filter((kind) => kind === "stopped" || kind === "served_again")).toEqual([
      "stopped",
      "served_again",
    ]);
    await expect(world.command("serve")).rejects.toThrow("not stopped");
  });

  test("a rollback during a canary takes the canary back, not what serves", async () => {
    const world = createReleaseWorld();
    await world.push("zero");
    await world.push("one");
    await world.push("two", "pass", { rollout: CANARY });
    await world.command("rollback");
    expect(await world.pointer()).toMatchObject({
      state: "idle",
      stable: { version: "one" },
      previous: { version: "zero" },
    });
  });

  test("a rollback while a candidate waits for approval keeps it, to be compared again", async () => {
    const world = createReleaseWorld();
    await world.push("zero");
    await world.push("one");
    await world.push("two", "inconclusive", { rollout: CANARY });
    await world.command("rollback");
    expect(await world.pointer()).toMatchObject({ stable: { version: "zero" }, pending: { version: "two" } });
    await world.tick();
    expect(world.queue.take("flow-snapshots")).toMatchObject([{ version: "two" }]);
  });

  test("promote gives a failed candidate to everybody at once, and the ledger says who did", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.push("two", "fail", { rollout: CANARY });
    await world.command("promote", { reason: "the gate is wrong" });
    expect((await world.ledger()).at(-1)).toMatchObject({
      kind: "promoted",
      version: "two",
      actor: "Ada",
      reason: "the gate is wrong",
    });
    await expect(world.command("promote")).rejects.toThrow("serves already");
  });

  test("nobody is given a candidate whose files are altered, whoever asks", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.push("two", "fail");
    await world.lose("two");
    await expect(world.command("promote")).rejects.toThrow("missing or altered");
    expect((await world.pointer())?.stable?.version).toBe("one");
  });

  test("a pause comes in time until everybody has the candidate", async () => {
    const world = await createCanaryWorld({ steps: [0.5] });
    world.seen = GOOD;
    await world.tick(10);
    expect((await world.pointer())?.state).toBe("promoting");
    await world.command("pause");
    await world.tick(1);
    expect(await world.pointer()).toMatchObject({ state: "paused", stable: { version: "one" } });
  });

  test("who lets a canary go on that somebody paused has not approved its step", async () => {
    const world = await createCanaryWorld({ steps: [0.5], approval: "last" });
    world.seen = GOOD;
    await world.command("pause");
    await world.command("approve");
    await world.tick(10);
    expect(await world.pointer()).toMatchObject({ state: "paused", rollout: { paused: "approval" } });
  });

  test("promote of another version than the candidate's is refused, and says which it is", async () => {
    const world = await createCanaryWorld();
    const asked = world.command("promote", { version: "one-before" });
    await expect(asked).rejects.toThrow("The candidate under way is two, not one-before");
    expect(await world.pointer()).toMatchObject({ state: "canary", stable: { version: "one" } });
    await world.command("promote", { version: "two" });
    expect(await world.pointer()).toMatchObject({ stable: { version: "two" } });
  });

  test("promote finds an earlier version also where people only stopped it and served it again", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.command("stop");
    await world.command("serve");
    await world.push("two");
    await expect(world.command("promote", { version: "none" })).rejects.toThrow("version none is known");
    await world.command("promote", { version: "one" });
    expect(await world.pointer()).toMatchObject({ stable: { version: "one", run: "run-1" } });
  });

  test("the key of another request is refused: an abort is not taken for done", async () => {
    const world = await createCanaryWorld();
    await world.command("pause", { key: "k" });
    await expect(world.command("abort", { key: "k" })).rejects.toThrow(
      'The key "k" was that of another request (paused)',
    );
    const { generation } = (await world.pointer()) ?? {};
    await world.command("abort", { key: "k2", generation });
    await world.command("abort", { key: "k2", generation });
    expect((await world.kinds()).slice(-3)).toEqual(["paused", "aborting", "rolled_back"]);
  });

  test.each(["approve", "resume", "pause"] as const)("%s of nothing is refused", async (verb) => {
    const world = createReleaseWorld();
    await world.push("one");
    await expect(world.command(verb)).rejects.toThrow(ConflictError);
    expect(await world.kinds()).toEqual(["promoted"]);
  });
});

/** As planning does where a push holds what serves: there is nothing to evaluate. */
async function pushStableAgain(world: ReleaseWorld): Promise<void> {
  const current = registryPath.currentRun({ container: "flows", flow: FLOW });
  const run = (await world.pointer())?.stable?.run;
  await world.store.write("registry", current, JSON.stringify({ sequence: 99, run }));
}
