import { expect, onTestFinished, test, vi } from "vitest";
import { tellRelease } from "../../../pipelines/release/tell-release.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import type { MemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { createCanaryWorld, FLOW, type ReleaseWorld } from "./release-world.ts";

const ANNOUNCED = registryPath.announced(FLOW);
const BY_ANOTHER = "Another process is telling of it.";

/** What subscribers and dashboards are told from now on. */
function listen(world: ReleaseWorld): { published: () => string[]; counted: () => string[] } {
  const { events } = world.dependencies.telemetry as MemoryTelemetry;
  const [first, from] = [events.length, world.published.length];
  return {
    published: () => world.published.slice(from).map(({ type }) => type.slice("Flowgate.".length)),
    counted: () => events.slice(first).map(({ attributes }) => String(attributes["flowgate.release.kind"])),
  };
}

test("an event says what came to be, when, and what serves since", async () => {
  const world = await createCanaryWorld();
  const entry = (await world.ledger()).at(-1);
  expect(world.published.at(-1)).toMatchObject({
    id: entry?.hash,
    type: "Flowgate.CanaryStarted",
    subject: "flows/shop",
    time: new Date(entry?.at ?? ""),
    data: { state: "canary", version: "two", serving: "one", canary: "two" },
  });
});

test("telemetry says whether a person decided, and not who", async () => {
  const world = await createCanaryWorld();
  await world.command("pause");
  const { events } = world.dependencies.telemetry as MemoryTelemetry;
  const actors = events.map(({ attributes }) => attributes["flowgate.actor"]);
  expect(actors).toEqual(["system", "system", "person"]);
  expect(JSON.stringify(events)).not.toContain("Ada");
});

test("of two processes that come at once one tells, and also what was written while it told", async () => {
  const world = await createCanaryWorld();
  const told = listen(world);
  const { publish } = world.dependencies.events;
  let others: (string | undefined)[] = [];
  world.dependencies.events.publish = async (event) => {
    world.dependencies.events.publish = publish;
    others = await Promise.all([
      tellRelease(FLOW, world.dependencies),
      tellRelease(FLOW, world.dependencies),
    ]);
    await world.command("resume");
    await publish(event);
  };
  await world.command("pause");
  expect(others).toEqual([BY_ANOTHER, BY_ANOTHER]);
  expect(told.published()).toEqual(["Paused", "Resumed"]);
  expect(told.counted()).toEqual(["paused", "resumed"]);
  expect(await tellRelease(FLOW, world.dependencies)).toBeUndefined();
});

test("where two see at the same moment that nobody tells, one of them does", async () => {
  const world = await createCanaryWorld();
  const { publish } = world.dependencies.events;
  world.dependencies.events.publish = () => Promise.reject(new Error("down"));
  await world.command("pause");
  world.dependencies.events.publish = publish;
  const told = listen(world);
  const both = await Promise.all([
    tellRelease(FLOW, world.dependencies),
    tellRelease(FLOW, world.dependencies),
  ]);
  expect(both).toContain(BY_ANOTHER);
  expect(both).toContain(undefined);
  expect(told.published()).toEqual(["Paused"]);
});

test("what a process took on to tell and died is told by the next look a quarter of a minute later", async () => {
  const world = await createCanaryWorld();
  const { clock } = world.dependencies;
  const told = listen(world);
  const dead = { sequence: 1, telling: clock.now().toISOString() };
  await world.store.write("registry", ANNOUNCED, JSON.stringify(dead));
  world.wait(14 / 60);
  expect(await tellRelease(FLOW, world.dependencies)).toBe(BY_ANOTHER);
  expect(told.published()).toEqual([]);
  world.wait(1 / 60);
  expect(await tellRelease(FLOW, world.dependencies)).toBeUndefined();
  expect(told.published()).toEqual(["CanaryStarted"]);
  expect(told.counted()).toEqual(["canary_started"]);
});

test("a clock that was ahead when somebody took it on to tell keeps nothing untold", async () => {
  const world = await createCanaryWorld();
  const told = listen(world);
  const telling = new Date(world.now() + 3_600_000).toISOString();
  await world.store.write("registry", ANNOUNCED, JSON.stringify({ sequence: 1, telling }));
  expect(await tellRelease(FLOW, world.dependencies)).toBeUndefined();
  expect(told.published()).toEqual(["CanaryStarted"]);
});

test("after a long time without a topic fifty are told at a look, and it is said how many are left", async () => {
  const world = await createCanaryWorld();
  const { publish } = world.dependencies.events;
  world.dependencies.events.publish = () => Promise.reject(new Error("down"));
  for (let round = 0; round < 30; round += 1) {
    await world.command("pause");
    await world.command("resume");
  }
  world.dependencies.events.publish = publish;
  const told = listen(world);
  expect(await tellRelease(FLOW, world.dependencies)).toBe("10 events are not out yet: There are many.");
  expect(told.published()).toHaveLength(50);
  expect(await tellRelease(FLOW, world.dependencies)).toBeUndefined();
  expect(told.published()).toHaveLength(60);
  expect(told.counted()).toEqual([]);
});

test("a topic that does not answer is waited for no longer than five seconds", async () => {
  const world = await createCanaryWorld();
  const { publish } = world.dependencies.events;
  world.dependencies.events.publish = () => Promise.reject(new Error("down"));
  await world.command("pause");
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  world.dependencies.events.publish = () => new Promise(() => {});
  const waiting = tellRelease(FLOW, world.dependencies);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await waiting).toBe("1 events are not out yet: The topic does not answer.");
  world.dependencies.events.publish = publish;
  expect(await tellRelease(FLOW, world.dependencies)).toBeUndefined();
});

test("where nothing is known of what was told, the last is told, and not all that ever was", async () => {
  const world = await createCanaryWorld();
  await world.store.delete("registry", ANNOUNCED);
  const told = listen(world);
  await tellRelease(FLOW, world.dependencies);
  expect(told.published()).toEqual(["CanaryStarted"]);
});
