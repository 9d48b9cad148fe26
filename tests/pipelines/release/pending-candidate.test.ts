import { describe, expect, test } from "vitest";
import { registryPath } from "../../../shared/registry/paths.ts";
import { CANARY, createCanaryWorld, createReleaseWorld, FLOW } from "./release-world.ts";

describe("a new candidate while one is under way", () => {
  test("waits, takes the place of an older one that waits, and starts when the first has ended", async () => {
    const world = await createCanaryWorld();
    await world.push("three", "pass", { rollout: CANARY });
    const last = await world.push("four", "pass", { rollout: CANARY });
    await world.deliver(last);
    expect(await world.pointer()).toMatchObject({ canary: { version: "two" }, pending: { version: "four" } });
    expect((await world.ledger()).slice(-2)).toMatchObject([
      { kind: "queued", version: "three" },
      { kind: "superseded", version: "three", reason: expect.stringContaining("four") },
    ]);
    await world.command("abort");
    await world.tick();
    expect(await world.pointer()).toMatchObject({
      state: "canary",
      canary: { version: "four" },
      stable: { version: "one" },
    });
    expect((await world.pointer())?.pending).toBeUndefined();
  });

  test("is undecided for as long as it waits", async () => {
    const world = await createCanaryWorld();
    const isDecided = async (run: string): Promise<boolean> =>
      (await world.store.read("registry", registryPath.decision(FLOW, run))) !== undefined;
    const queued = await world.push("three", "pass", { rollout: CANARY });
    expect(await isDecided(queued)).toBe(false);
    await world.push("four", "pass", { rollout: CANARY });
    expect(await isDecided(queued)).toBe(true);
  });

  test("is told with its own commit, and one whose place it takes with that one's", async () => {
    const world = createReleaseWorld();
    const pushOf = async (version: string, commit: string | undefined): Promise<void> => {
      const run = await world.judge(version, "pass", { rollout: CANARY });
      const name = registryPath.plan(FLOW, run);
      const plan = JSON.parse(String((await world.store.read("registry", name))?.body)) as object;
      await world.store.write("registry", name, JSON.stringify({ ...plan, commit: commit && { commit } }));
      await world.deliver(run);
    };
    await pushOf("one", "111");
    await pushOf("two", "222");
    await pushOf("three", undefined);
    await pushOf("four", "444");
    const told = (await world.ledger()).map(
      (entry) => `${entry.kind} ${entry.version} ${entry.commit?.commit}`,
    );
    expect(told).toEqual([
      "promoted one 111",
      "canary_started two 222",
      "queued three undefined",
      "superseded three undefined",
    ]);
  });

  test("is compared again where the first became production", async () => {
    const world = await createCanaryWorld({ soakMs: 0 });
    await world.push("three", "pass", { rollout: CANARY });
    await world.command("promote");
    await world.tick();
    await world.tick();
    expect(world.queue.take("flow-snapshots")).toMatchObject([{ version: "three", rollout: CANARY }]);
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "two" } });
    expect((await world.pointer())?.pending).toBeUndefined();
  });
});
