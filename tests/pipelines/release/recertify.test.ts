import { expect, test } from "vitest";
import { registryPath } from "../../../shared/registry/paths.ts";
import { BAD, CANARY, createReleaseWorld, FLOW, GOOD } from "./release-world.ts";

test("production is judged on the suite of a canary that is taken back, and only then", async () => {
  const world = createReleaseWorld();
  await world.push("one");
  const run = await world.push("two", "pass", { rollout: CANARY, suite: "stricter" });
  world.seen = GOOD;
  await world.tick(11);
  expect(world.queue.take("flow-snapshots")).toEqual([]);
  world.seen = BAD;
  await world.tick(1);
  expect((await world.pointer())?.stable).toMatchObject({ version: "one", suite: "suite" });
  expect(world.queue.take("flow-snapshots")).toMatchObject([
    { version: "one", suite: "stricter", sequence: 2, recertifyAfter: run },
  ]);
});

test("what is taken back is written before production is judged, and one that nobody wrote is asked for at once", async () => {
  const world = createReleaseWorld();
  await world.push("one");
  await world.push("two", "pass", { rollout: CANARY, suite: "stricter" });
  const { queue } = world;
  let isDown = true;
  world.dependencies.queue = {
    ...queue,
    send: async (...message) => {
      if (isDown) {
        isDown = false;
        throw new Error("no queue");
      }
      await queue.send(...message);
    },
  };
  await world.command("abort");
  expect(queue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([0]);
  queue.take("flow-snapshots");
  await world.push("three", "pass", { rollout: CANARY, suite: "strictest" });
  await world.command("abort");
  expect(queue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([10]);
});

test("production keeps its certificate where the canary that is taken back had the same suite", async () => {
  const world = createReleaseWorld();
  await world.push("one");
  await world.push("two", "pass", { rollout: CANARY });
  await world.command("abort");
  expect((await world.kinds()).at(-1)).toBe("rolled_back");
  expect(world.queue.take("flow-snapshots")).toEqual([]);
});

test("a person who takes a canary back has production judged on its suite", async () => {
  const world = createReleaseWorld();
  await world.push("one");
  const run = await world.push("two", "pass", { rollout: CANARY, suite: "stricter" });
  await world.command("abort");
  expect(world.queue.take("flow-snapshots")).toMatchObject([
    { version: "one", suite: "stricter", recertifyAfter: run },
  ]);
});

test("production is judged within the budget of the change that brought the suite, and for its commit", async () => {
  const world = createReleaseWorld();
  await world.push("one");
  const run = await world.push("two", "pass", { rollout: CANARY, suite: "stricter" });
  const name = registryPath.plan(FLOW, run);
  const plan = JSON.parse(String((await world.store.read("registry", name))?.body)) as object;
  const more = { budget: { tokens: 9 }, commit: { commit: "222" } };
  await world.store.write("registry", name, JSON.stringify({ ...plan, ...more }));
  await world.command("abort");
  expect(world.queue.take("flow-snapshots")).toMatchObject([more]);
});

test("a queue that is down holds up no way back; that nobody was asked is said", async () => {
  const world = createReleaseWorld();
  await world.push("one");
  await world.push("two", "pass", { rollout: CANARY, suite: "stricter" });
  world.dependencies.queue = { ...world.queue, send: () => Promise.reject(new Error("no queue")) };
  world.seen = BAD;
  await expect(world.tick()).rejects.toThrow("no queue");
  expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
});
