import { expect, onTestFinished, test, vi } from "vitest";
import { createFlowCatalog } from "../../../pipelines/chat/flow-catalog.ts";
import type { FlowCatalog } from "../../../pipelines/chat/flow-catalog.ts";
import { PermanentError, RetryLaterError } from "../../../shared/errors.ts";
import type { LoadedFlow } from "../../../shared/flow/load-flow.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";

/** A catalog over a store that counts its calls and can be taken away, on a clock that the test moves. */
function setUp(): {
  catalog: FlowCatalog;
  calls(): number;
  loads(): number;
  lose(lost: boolean): void;
  /** Storage takes what it is asked, and never answers. */
  hang(hangs: boolean): void;
  release(flow: string, version: string): Promise<void>;
  write(flow: string, pointer: object): Promise<void>;
  seconds(count: number): Promise<void>;
} {
  vi.useFakeTimers();
  const memory = createMemoryBlobStore();
  let calls = 0;
  let loads = 0;
  let lost = false;
  let hangs = false;
  const store = new Proxy(memory, {
    get(target, property: keyof BlobStore) {
      return (...parameters: never[]) => {
        calls++;
        if (hangs) return new Promise(() => {});
        if (lost) return Promise.reject(new RetryLaterError("storage is gone"));
        return (target[property] as (...all: never[]) => unknown).apply(memory, parameters);
      };
    },
  });
  const write = async (flow: string, pointer: object): Promise<void> =>
    void (await memory.write("registry", registryPath.release(flow), JSON.stringify(pointer)));
  const catalog = createFlowCatalog({
    store,
    loadVersion: async (flow, version) => {
      loads++;
      // Somebody else's files are read for longer than the test takes.
      if (version === "slow") await new Promise(() => {});
      if (version === "broken") throw new PermanentError("it is broken");
      return { flow, version } as unknown as LoadedFlow;
    },
    clock: { now: () => new Date(), elapsed: () => Date.now(), sleep: async () => {} },
  });
  onTestFinished(() => {
    catalog.close();
    vi.useRealTimers();
  });
  return {
    catalog,
    calls: () => calls,
    loads: () => loads,
    lose: (value) => (lost = value),
    hang: (value) => (hangs = value),
    release: (flow, version) => write(flow, { flow, stable: { version } }),
    write,
    seconds: async (count) => void (await vi.advanceTimersByTimeAsync(count * 1000)),
  };
}

test("a warm process answers without a storage call", async () => {
  const { catalog, calls, release } = setUp();
  await release("shop", "one");
  expect((await catalog.serving("shop"))?.version).toBe("one");
  const before = calls();
  for (let request = 0; request < 100; request++) await catalog.serving("shop");
  await catalog.flows();
  expect(calls()).toBe(before);
});

test("a promotion is picked up within two seconds, in the background", async () => {
  const { catalog, release, seconds } = setUp();
  await release("shop", "one");
  await catalog.serving("shop");
  await release("shop", "two");
  await seconds(2);
  expect((await catalog.serving("shop"))?.version).toBe("two");
});

test("a flow that a person stops is known to be within two seconds, and so is its return", async () => {
  const { catalog, write, seconds } = setUp();
  const pointer = { flow: "shop", stable: { version: "one" } };
  await write("shop", pointer);
  expect((await catalog.serving("shop"))?.stopped).toBe(false);
  await write("shop", { ...pointer, stopped: { by: "Ada", at: "", reason: "It swears." } });
  await seconds(2);
  expect((await catalog.serving("shop"))?.stopped).toBe(true);
  await write("shop", pointer);
  await seconds(2);
  expect((await catalog.serving("shop"))?.stopped).toBe(false);
});

test("a canary is stopped with its flow at once, also where its version cannot be read again", async () => {
  const { catalog, write, seconds } = setUp();
  const canary = { version: "two", weight: 1, seed: "s", rolloutId: "r", step: 1, since: "" };
  const rollout = { id: "r", plan: { kind: "canary", steps: [1] } };
  const pointer = { flow: "shop", state: "canary", stable: { version: "one" }, canary, rollout };
  await write("shop", pointer);
  expect(await catalog.serving("shop", "a")).toMatchObject({ version: "two", stopped: false });
  const stopped = { by: "Ada", at: "", reason: "It swears." };
  await write("shop", { ...pointer, stable: { version: "slow" }, stopped });
  await seconds(2);
  expect(await catalog.serving("shop", "a")).toMatchObject({ version: "two", stopped: true });
});

test("without storage the last known good version goes on serving, and health says so", async () => {
  const { catalog, release, lose, seconds } = setUp();
  await release("shop", "one");
  await catalog.serving("shop");
  lose(true);
  await seconds(60);
  expect((await catalog.serving("shop"))?.version).toBe("one");
  expect(catalog.health()).toMatchObject({ storage: "unreachable", message: "storage is gone" });
  lose(false);
  await seconds(2);
  expect(catalog.health().storage).toBe("ok");
});

test("storage that hangs keeps nobody from an answer, health says so, and its return is noticed", async () => {
  const { catalog, release, hang, seconds } = setUp();
  await release("shop", "one");
  await catalog.serving("shop");
  hang(true);
  for (let minute = 0; minute < 3; minute += 1) {
    await seconds(61);
    let version: string | undefined;
    void catalog.serving("shop").then((serving) => (version = serving?.version));
    await seconds(0);
    expect(version).toBe("one");
    expect(catalog.health()).toMatchObject({ storage: "unreachable", message: "Storage does not answer." });
  }
  await release("shop", "two");
  hang(false);
  await seconds(35);
  expect((await catalog.serving("shop"))?.version).toBe("two");
  expect(catalog.health().storage).toBe("ok");
});

test("after a long pause a request waits for what is new, but not for storage that hangs", async () => {
  const { catalog, release, hang, seconds } = setUp();
  await release("shop", "one");
  await catalog.serving("shop");
  await seconds(20 * 60);
  await release("shop", "two");
  expect((await catalog.serving("shop"))?.version).toBe("two");
  await seconds(20 * 60);
  hang(true);
  let version: string | undefined;
  void catalog.serving("shop").then((serving) => (version = serving?.version));
  await seconds(1);
  expect(version).toBeUndefined();
  await seconds(1.1);
  expect(version).toBe("two");
});

test("a flow that is not in memory is not waited for longer than a few seconds", async () => {
  const { catalog, hang, seconds } = setUp();
  hang(true);
  const refused = catalog.serving("shop").catch((error: unknown) => error);
  await seconds(2.1);
  expect(catalog.health().storage).toBe("unreachable");
  await seconds(11);
  expect(await refused).toMatchObject({ message: "Storage does not answer." });
});

test("a version that cannot be made ready leaves the one before it, which can still be stopped, and is what health blames", async () => {
  const { catalog, write, seconds } = setUp();
  const pointer = { flow: "shop", stable: { version: "one" } };
  await write("shop", pointer);
  await write("other", { flow: "other", stable: { version: "one" } });
  await catalog.serving("shop");
  await catalog.serving("other");
  const broken = { ...pointer, stable: { version: "broken" } };
  await write("shop", broken);
  await seconds(2);
  expect(await catalog.serving("shop")).toMatchObject({ version: "one", stopped: false });
  expect(catalog.health()).toMatchObject({ storage: "ok", notReady: ["shop@broken: it is broken"] });
  await write("shop", { ...broken, stopped: { by: "Ada", at: "", reason: "It swears." } });
  await write("other", { flow: "other", stable: { version: "two" } });
  await seconds(2);
  expect(await catalog.serving("shop")).toMatchObject({ version: "one", stopped: true });
  expect((await catalog.serving("other"))?.version).toBe("two");
  await write("shop", { ...pointer, stable: { version: "two" } });
  await seconds(2);
  expect(await catalog.serving("shop")).toMatchObject({ version: "two", stopped: false });
  expect(catalog.health().notReady).toBeUndefined();
});

test("a version that cannot be read is not read again by every request and refresh, but after half a minute", async () => {
  const { catalog, loads, release, seconds } = setUp();
  await release("shop", "broken");
  await expect(catalog.serving("shop")).rejects.toThrow("it is broken");
  await expect(catalog.serving("shop")).rejects.toThrow("it is broken");
  await seconds(20);
  expect(loads()).toBe(1);
  await seconds(11);
  await expect(catalog.serving("shop")).rejects.toThrow("it is broken");
  expect(loads()).toBe(2);
  await release("shop", "one");
  expect((await catalog.serving("shop"))?.version).toBe("one");
});

test("a flow that is stopped says so also where its version cannot be read", async () => {
  const { catalog, write } = setUp();
  const stopped = { by: "ann", reason: "prices", at: "2026-11-26T10:00:00Z" };
  await write("shop", { flow: "shop", stable: { version: "broken" }, stopped });
  await expect(catalog.serving("shop")).rejects.toThrow("shop is switched off for now");
});

test("a flow released after the first look is found at once", async () => {
  const { catalog, release } = setUp();
  await release("shop", "one");
  await catalog.serving("shop");
  await release("other", "one");
  expect((await catalog.serving("other"))?.flow).toBe("other");
});

test("asking for a flow that does not exist, again and again, makes no load", async () => {
  const { catalog, calls, release } = setUp();
  await release("shop", "one");
  expect(await catalog.serving("nobody")).toBeUndefined();
  const before = calls();
  for (let request = 0; request < 100; request++) await catalog.serving("nobody");
  expect(calls()).toBe(before);
});

test("a name that cannot be a flow's is never looked up, and health stays as it was", async () => {
  const { catalog, calls, release, seconds } = setUp();
  await release("shop", "one");
  await catalog.serving("shop");
  const before = calls();
  for (const name of ["../x", "a".repeat(3000), "", "Shop", "a/b"]) {
    expect(await catalog.serving(name)).toBeUndefined();
  }
  expect(calls()).toBe(before);
  await seconds(2);
  expect(catalog.health().storage).toBe("ok");
});

test("a name whose look-up failed does not fail the refreshes after it", async () => {
  const { catalog, release, lose, seconds } = setUp();
  await release("shop", "one");
  await catalog.serving("shop");
  lose(true);
  await expect(catalog.serving("other")).rejects.toThrow("storage is gone");
  lose(false);
  await seconds(2);
  expect(catalog.health().storage).toBe("ok");
});

test("a process that answers nobody for ten minutes reads nothing", async () => {
  const { catalog, calls, release, seconds } = setUp();
  await release("shop", "one");
  await catalog.serving("shop");
  await seconds(11 * 60);
  const before = calls();
  await seconds(60);
  expect(calls()).toBe(before);
});

test("during a rollout sessions keep their version, more join with the weight, and none stays after an abort", async () => {
  const { catalog, calls, write, seconds } = setUp();
  const plan = { kind: "canary", steps: [0.2, 0.6], latencyObjectiveMs: 500 };
  const rollout = { id: "r", plan };
  const at = (weight: number, step: number): object => ({
    flow: "shop",
    state: "canary",
    stable: { version: "one" },
    canary: { version: "two", weight, step, seed: "seed", rolloutId: "r" },
    rollout,
  });
  const sessions = Array.from({ length: 200 }, (_, index) => `session ${index}`);
  const onCanary = async (): Promise<string[]> => {
    const versions = await Promise.all(sessions.map((session) => catalog.serving("shop", session)));
    return sessions.filter((_, index) => versions[index]?.version === "two");
  };
  await write("shop", at(0.2, 1));
  const first = await onCanary();
  expect(first.length).toBeGreaterThan(20);
  expect(first.length).toBeLessThan(60);
  const before = calls();
  expect(await onCanary()).toEqual(first);
  expect(calls()).toBe(before);
  expect((await catalog.serving("shop", first[0]))?.share).toEqual({
    arm: "canary",
    rollout: "r",
    step: 1,
    weight: 0.2,
    latencyObjectiveMs: 500,
  });

  await write("shop", at(0.6, 2));
  await seconds(1.5);
  const second = await onCanary();
  expect(second).toEqual(expect.arrayContaining(first));
  expect(second.length).toBeGreaterThan(90);

  await write("shop", { flow: "shop", state: "soaking", stable: { version: "two" }, rollout });
  await seconds(1.5);
  expect(await onCanary()).toEqual(sessions);
  expect((await catalog.serving("shop", "any"))?.share).toMatchObject({ arm: "canary", step: 3, weight: 1 });

  await write("shop", { flow: "shop", state: "idle", stable: { version: "one" } });
  await seconds(1.5);
  expect(await onCanary()).toEqual([]);
  expect((await catalog.serving("shop", "any"))?.share).toBeUndefined();
});

test("a candidate that answers unseen serves nobody, and the turns of stable say whose they are", async () => {
  const { catalog, write, seconds } = setUp();
  const shadow = { share: 0.1, minTurns: 50, noWorseThan: 0.05 };
  const pointer = {
    flow: "shop",
    state: "canary",
    stable: { version: "one" },
    canary: { version: "two", weight: 0, step: 0, seed: "seed", rolloutId: "r" },
    rollout: { id: "r", plan: { kind: "canary", steps: [0.2], shadow } },
  };
  await write("shop", pointer);
  for (let session = 0; session < 50; session += 1) {
    expect(await catalog.serving("shop", `session ${session}`)).toMatchObject({
      version: "one",
      share: { arm: "stable", step: 0, weight: 0 },
      shadow: { rollout: "r", version: "two", share: 0.1 },
    });
  }

  await write("shop", { ...pointer, state: "paused" });
  await seconds(1.5);
  expect((await catalog.serving("shop", "any"))?.shadow).toBeUndefined();
});

test("a canary that cannot be made ready leaves everybody with stable", async () => {
  const { catalog, write } = setUp();
  await write("shop", {
    flow: "shop",
    stable: { version: "one" },
    canary: { version: "broken", weight: 0.99, step: 1, seed: "seed", rolloutId: "r" },
    rollout: { id: "r", plan: { kind: "canary", steps: [0.99] } },
  });
  expect((await catalog.serving("shop", "somebody"))?.version).toBe("one");
});
