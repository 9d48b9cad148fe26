import { describe, expect, test } from "vitest";
import { RetryLaterError } from "../../../shared/errors.ts";
import { NOTHING_SPENT } from "../../../shared/evaluation/spend.ts";
import type { Spend } from "../../../shared/model/budget.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createSpendStore } from "../../../shared/registry/spend-store.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

const ONE: Spend = { ...NOTHING_SPENT, calls: 1, inputTokens: 100, outputTokens: 10, cost: 0.01 };

function world() {
  const blobs = createMemoryBlobStore();
  const clock = createStillClock("2026-11-22T23:59:00.000Z");
  const process = (name: string, store: BlobStore = blobs) => createSpendStore(store, clock, name);
  return { blobs, clock, process };
}

describe("what is spent", () => {
  test("counts at once where it was spent, by run and by day", async () => {
    const spends = world().process("a");
    spends.add("shop", "run-1", ONE);
    spends.add("shop", "run-2", ONE);
    spends.add("other", "run-3", ONE);
    const { run, day } = await spends.spent("shop", "run-1");
    expect(run).toEqual(ONE);
    expect(day).toMatchObject({ calls: 2, inputTokens: 200, cost: 0.02 });
  });

  test("by several processes at once is added up, and by one that was killed too", async () => {
    const { process, clock } = world();
    const all = ["a", "b", "killed"].map((name) => process(name));
    for (const spends of all) for (let call = 0; call < 100; call += 1) spends.add("shop", "run", ONE);
    await Promise.all(all.map((spends) => spends.flush()));
    const restarted = process("restarted");
    restarted.add("shop", "run", ONE);
    expect((await restarted.spent("shop", "run")).run.calls).toBe(301);
    all[0]?.add("shop", "run", ONE);
    await all[0]?.flush();
    clock.advance(5_000);
    expect((await restarted.spent("shop", "run")).day).toMatchObject({ calls: 302, inputTokens: 30_200 });
  });

  test("by others is known at once where it is asked for, as of what they have written", async () => {
    const { process } = world();
    const [mine, other] = [process("mine"), process("other")];
    mine.add("shop", "run", ONE);
    expect(await mine.isShared("shop", "run")).toBe(false);
    other.add("shop", "run", ONE);
    await other.flush();
    expect((await mine.spent("shop", "run")).run.calls).toBe(1);
    expect((await mine.spentByRun("shop", "run")).calls).toBe(2);
    expect(await mine.isShared("shop", "run")).toBe(true);
  });

  test("as an earlier release wrote it is read, with nothing of what that did not count", async () => {
    const { blobs, process } = world();
    const { failed, embeddings, ...before } = ONE;
    await blobs.write("registry", registryPath.runSpend("shop", "run") + "old.json", JSON.stringify(before));
    expect(await process("new").spentByRun("shop", "run")).toEqual({ ...ONE, failed, embeddings });
  });

  test("is another day's after midnight (UTC), and still the run's", async () => {
    const { process, clock } = world();
    const spends = process("a");
    spends.add("shop", "run", ONE);
    clock.advance(120_000);
    spends.add("shop", "run", ONE);
    const { run, day } = await spends.spent("shop", "run");
    expect([run.calls, day.calls]).toEqual([2, 1]);
  });
});

describe("writing", () => {
  test("that fails is made good by the next, and a write applied twice counts once", async () => {
    const { blobs, process, clock } = world();
    let failures = 2;
    const broken: BlobStore = {
      ...blobs,
      async write(...call) {
        await blobs.write(...call);
        failures -= 1;
        if (failures >= 0) throw new RetryLaterError("The reply was lost.");
        return "";
      },
    };
    const spends = process("a", broken);
    spends.add("shop", "run", ONE);
    await expect(spends.flush()).resolves.toBeUndefined();
    await spends.flush();
    clock.advance(5_000);
    expect((await process("b").spent("shop", "run")).run.calls).toBe(1);
  });

  test("does not follow every call", async () => {
    const { blobs, process } = world();
    let writes = 0;
    const counting: BlobStore = { ...blobs, write: (...call) => ((writes += 1), blobs.write(...call)) };
    const spends = process("a", counting);
    for (let call = 0; call < 1_000; call += 1) spends.add("shop", "run", ONE);
    await spends.flush();
    expect(writes).toBeLessThanOrEqual(4);
  });
});
