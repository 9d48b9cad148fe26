import { expect, test } from "vitest";
import { CANARY, createCanaryWorld, createReleaseWorld } from "./release-world.ts";

test("a candidate that was taken back on the same suite is refused unless it is forced", async () => {
  const world = await createCanaryWorld();
  await world.command("abort");
  await world.push("two", "pass", { rollout: CANARY });
  expect((await world.ledger()).at(-1)).toMatchObject({ kind: "rejected", version: "two" });
  expect((await world.ledger()).at(-1)?.reason).toMatch(/rolled back before.*flowgate promote/);
  expect(await world.command("promote")).toMatchObject({
    stable: { version: "two" },
    previous: { version: "one" },
  });
});

test("a candidate that nobody approved in time may try again: it did not fail", async () => {
  const world = createReleaseWorld();
  await world.push("one");
  await world.push("two", "inconclusive", { rollout: CANARY });
  await world.tick(24 * 60);
  expect((await world.kinds()).at(-1)).toBe("rejected");
  await world.push("two", "pass", { rollout: CANARY });
  expect(await world.pointer()).toMatchObject({ state: "canary", canary: { version: "two" } });
});

test("what a gate held against another version may try again beside what serves now", async () => {
  const world = createReleaseWorld();
  await world.push("one");
  await world.push("two", "fail");
  await world.push("two", "pass");
  expect((await world.ledger()).at(-1)).toMatchObject({ kind: "rejected", version: "two" });
  await world.push("three");
  await world.push("two", "pass");
  expect(await world.pointer()).toMatchObject({ stable: { version: "two" } });
});

test("what was taken back, and served since because a person let it, may come back", async () => {
  const world = await createCanaryWorld({ soakMs: 0 });
  await world.command("abort");
  await world.push("two", "pass");
  await world.command("promote");
  await world.push("three");
  await world.push("two", "pass");
  expect(await world.pointer()).toMatchObject({ stable: { version: "two" } });
});

test("that it was refused, or judged by another suite, makes nobody forget that it was taken back", async () => {
  const world = await createCanaryWorld();
  await world.command("abort");
  await world.push("two", "fail", { rollout: CANARY, suite: "other" });
  await world.push("two", "pass", { rollout: CANARY });
  await world.push("three");
  await world.push("two", "pass", { rollout: CANARY });
  expect((await world.ledger()).at(-1)).toMatchObject({ kind: "rejected", version: "two" });
  expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "three" } });
});

test("on another suite it may try again", async () => {
  const world = await createCanaryWorld();
  await world.command("abort");
  await world.push("two", "pass", { rollout: CANARY, suite: "other" });
  expect(await world.pointer()).toMatchObject({ state: "canary", canary: { version: "two" } });
});

test("what failed on another suite may try this one", async () => {
  const world = createReleaseWorld();
  await world.push("one");
  await world.push("two", "fail", { suite: "another" });
  await world.push("two", "pass");
  expect(await world.pointer()).toMatchObject({ stable: { version: "two" } });
});
