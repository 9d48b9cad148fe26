import { expect, test } from "vitest";
import { createEvidenceReader } from "../../../pipelines/release/read-evidence.ts";
import type { CanaryRollout } from "../../../shared/model/flow.ts";
import { trafficPath } from "../../../shared/registry/paths.ts";
import { CANARY, createReleaseWorld, FLOW, type ReleaseWorld } from "./release-world.ts";

const SHADOW: CanaryRollout = { ...CANARY, shadow: { share: 0.1, minTurns: 50, noWorseThan: 0.05 } };

async function createShadowWorld(plan = SHADOW): Promise<ReleaseWorld> {
  const world = createReleaseWorld();
  await world.push("one");
  await world.push("two", "pass", { rollout: plan });
  return world;
}

/** So many turns were compared, each with this preference, as the monitor leaves them. */
async function compare(world: ReleaseWorld, preferences: (number | null)[], name = "a"): Promise<void> {
  const rollout = (await world.pointer())?.rollout?.id ?? "";
  const turns = preferences.map((preference, index) => ({ turn: `${name}${index}`, preference }));
  const comparison = { flow: FLOW, rollout, version: "two", at: "", turns };
  await world.store.create("traffic", trafficPath.shadow(FLOW, rollout, name), JSON.stringify(comparison));
  const read = createEvidenceReader(world.store);
  const pointer = await world.pointer();
  if (!pointer) throw new Error("There is no pointer.");
  world.seen = { shadow: (await read(pointer, "2026-11-26T12:00:00.000Z"))?.shadow };
}

test("a candidate answers unseen before it answers anybody", async () => {
  const world = await createShadowWorld();
  expect(await world.pointer()).toMatchObject({
    state: "canary",
    canary: { version: "two", step: 0, weight: 0 },
    stable: { version: "one" },
  });
});

test("enough turns in which it is no worse let it on to the first step", async () => {
  const world = await createShadowWorld();
  await compare(world, Array<number>(45).fill(0.5));
  await world.tick(20);
  expect(await world.pointer()).toMatchObject({ canary: { step: 0 } });
  await compare(world, [...Array<number>(20).fill(0.5), null, null], "b");
  expect(world.seen?.shadow).toMatchObject({ turns: 65, mean: 0.5 });
  await world.tick(1);
  expect(await world.pointer()).toMatchObject({ state: "canary", canary: { step: 1, weight: 0.05 } });
  expect((await world.ledger()).at(-1)).toMatchObject({ kind: "canary_advanced" });
  expect((await world.ledger()).at(-1)?.reason).toContain("Of 65 turns that both answered");
});

test("few turns let it on as little as they take it back, however well it did in them", async () => {
  const world = await createShadowWorld();
  await compare(world, Array<number>(49).fill(1));
  await world.tick(20);
  expect(await world.pointer()).toMatchObject({ state: "canary", canary: { step: 0 } });
  await compare(world, [1], "b");
  await world.tick();
  expect(await world.pointer()).toMatchObject({ state: "canary", canary: { step: 1 } });
});

test("turns in which it is worse take it back before anybody saw it", async () => {
  const world = await createShadowWorld();
  await compare(world, Array<number>(49).fill(0));
  await world.tick(20);
  expect(await world.pointer()).toMatchObject({ state: "canary", canary: { step: 0 } });
  await compare(world, [0], "b");
  await world.tick();
  expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
  expect((await world.kinds()).slice(-2)).toEqual(["aborting", "rolled_back"]);
});

test.each([
  ["noWorse", { step: 1 }],
  ["worse", undefined],
] as const)("what the comparison shows counts from one error in twenty on: %s", async (which, canary) => {
  const world = await createShadowWorld();
  const seen = (evidence: number) => {
    const shadow = { turns: 60, mean: 0.5, noWorse: -1, worse: -1, [which]: evidence };
    world.seen = { canarySessions: 0, shadow };
  };
  seen(Math.log(19.9));
  await world.tick(1);
  expect((await world.pointer())?.canary?.step).toBe(0);
  seen(Math.log(20));
  await world.tick(1);
  expect((await world.pointer())?.canary?.step).toBe(canary?.step);
});

test("turns that do not tell hold it, and pause it when its time is over", async () => {
  const world = await createShadowWorld();
  await compare(
    world,
    Array.from({ length: 60 }, (_, index) => index % 2),
  );
  for (let hour = 0; hour < 23; hour += 1) await world.tick(60);
  expect(await world.pointer()).toMatchObject({ state: "canary", canary: { step: 0 } });
  await world.tick(61);
  expect(await world.pointer()).toMatchObject({ state: "paused", rollout: { paused: "time_limit" } });
  await world.command("resume");
  expect(await world.pointer()).toMatchObject({ state: "canary", canary: { step: 0 } });
});

test("what was compared is read of its own rollout, by a process that knows another, and no more once it answers", async () => {
  const world = await createShadowWorld();
  const read = createEvidenceReader(world.store);
  const now = "2026-11-26T12:00:00.000Z";
  await compare(world, Array<number>(65).fill(0.5));
  const before = await world.pointer();
  expect(before && (await read(before, now))?.shadow).toMatchObject({ turns: 65 });
  await world.tick(20);
  const answers = await world.pointer();
  expect(answers?.canary?.step).toBe(1);
  expect(answers && (await read(answers, now))?.shadow).toBeUndefined();
  await world.command("abort");
  await world.push("three", "pass", { rollout: SHADOW });
  const next = await world.pointer();
  expect(next && (await read(next, now))?.shadow).toMatchObject({ turns: 0 });
});

test("sessions alone never let it on", async () => {
  const world = await createShadowWorld();
  world.seen = { canarySessions: 1_000_000 };
  await world.tick(60);
  expect(await world.pointer()).toMatchObject({ canary: { step: 0, weight: 0 } });
});

test("an approval for each step is asked for from the first one on, as without a shadow", async () => {
  const world = await createShadowWorld({ ...SHADOW, approval: "each" });
  expect(await world.pointer()).toMatchObject({ state: "awaiting_approval" });
  await world.command("approve");
  expect(await world.pointer()).toMatchObject({ state: "canary", canary: { step: 0 } });
  await compare(world, Array<number>(65).fill(0.5));
  await world.tick(20);
  expect(await world.pointer()).toMatchObject({ state: "canary", canary: { step: 1 } });
});
