import { describe, expect, test } from "vitest";
import { chainHolds } from "../../../shared/registry/ledger.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import {
  BAD,
  CANARY,
  createCanaryWorld,
  createReleaseWorld,
  FLOW,
  GOOD,
  type ReleaseWorld,
} from "./release-world.ts";

// A test for each row of the machine's table.

describe("idle", () => {
  test("a candidate that serves already, or comes again, changes nothing", async () => {
    const world = createReleaseWorld();
    const run = await world.push("one");
    await world.deliver(run);
    await world.push("one");
    expect(await world.kinds()).toEqual(["promoted"]);
  });
});

describe("gating", () => {
  test("fail is rejected", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.push("two", "fail", { rollout: CANARY });
    expect(await world.kinds()).toEqual(["promoted", "rejected"]);
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
  });

  test("error is run again twice, then rejected", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    for (const retry of [0, 1]) {
      const run = await world.push("two", "error", { rollout: CANARY, retry });
      await world.deliver(run);
      expect(world.queue.take("flow-snapshots")).toMatchObject([{ version: "two", retry: retry + 1 }]);
    }
    await world.push("two", "error", { rollout: CANARY, retry: 2 });
    expect(world.queue.take("flow-snapshots")).toEqual([]);
    expect(await world.kinds()).toEqual(["promoted", "rejected"]);
  });

  test("inconclusive waits for a person, and never promotes by itself", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.push("two", "inconclusive", { rollout: CANARY });
    for (let hour = 0; hour < 23; hour++) await world.tick(60);
    expect(await world.pointer()).toMatchObject({ state: "awaiting_approval", stable: { version: "one" } });
    expect((await world.pointer())?.canary).toBeUndefined();
    expect(world.published.at(-1)?.type).toBe("Flowgate.ApprovalRequired");
  });

  test("a pass begins the canary, with a seed of its own", async () => {
    const world = await createCanaryWorld();
    const first = (await world.pointer())?.canary;
    expect(first).toMatchObject({ version: "two", weight: 0.05, step: 1 });
    await world.command("abort");
    await world.push("three", "pass", { rollout: CANARY });
    expect((await world.pointer())?.canary?.seed).not.toBe(first?.seed);
    expect(world.published.map(({ type }) => type)).toContain("Flowgate.CanaryStarted");
  });

  test("the first release is promoted at once, canary or not", async () => {
    const world = createReleaseWorld();
    await world.push("one", "pass", { rollout: CANARY });
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
    expect(await world.kinds()).toEqual(["promoted"]);
  });

  test.each([CANARY, { kind: "immediate" } as const])(
    "a pass over a stable that does not verify is blocked ($kind)",
    async (rollout) => {
      const world = createReleaseWorld();
      await world.push("one");
      await world.lose("one");
      await world.push("two", "pass", { rollout });
      expect(await world.pointer()).toMatchObject({ state: "blocked", stable: { version: "one" } });
      expect(world.published.at(-1)?.type).toBe("Flowgate.ReleaseBlocked");
    },
  );
});

describe("awaiting approval", () => {
  test("an approval starts the canary, in the ledger with who and why", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.push("two", "pass", { rollout: { ...CANARY, approval: "first" } });
    expect((await world.pointer())?.state).toBe("awaiting_approval");
    await world.command("approve", { reason: "looks good" });
    expect(await world.pointer()).toMatchObject({ state: "canary", canary: { version: "two", step: 1 } });
    expect((await world.ledger()).at(-1)).toMatchObject({ actor: "Ada", reason: "Approved: looks good" });
  });

  test("without one it is rejected when its time is over, by the storage service's clock", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.push("two", "inconclusive", { rollout: CANARY });
    await world.tick(24 * 60);
    expect(await world.kinds()).toEqual(["promoted", "approval_required", "rejected"]);
  });

  test("a first release that is approved soaks for nobody to go back to: it serves, and that is all", async () => {
    const world = createReleaseWorld();
    await world.push("one", "inconclusive", { rollout: CANARY });
    await world.command("approve");
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
  });

  test("nobody is given a candidate whose files were lost while it waited, and nothing serves that could be taken back", async () => {
    const world = createReleaseWorld();
    await world.push("one", "inconclusive", { rollout: CANARY });
    await world.lose("one");
    await expect(world.command("approve")).rejects.toThrow("The files of one are missing or altered");
    await expect(world.command("rollback")).rejects.toThrow("Nothing serves yet");
    expect((await world.pointer())?.state).toBe("awaiting_approval");
  });

  test("an approval over a stable that does not verify is blocked", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.push("two", "inconclusive", { rollout: CANARY });
    await world.lose("one");
    await world.command("approve");
    expect((await world.pointer())?.state).toBe("blocked");
  });
});

describe("canary", () => {
  test("advances a step a tick, after the last promotes, and soaks until it succeeds", async () => {
    const world = await createCanaryWorld();
    world.seen = GOOD;
    await world.tick(10);
    expect(await world.pointer()).toMatchObject({ canary: { weight: 0.5, step: 2 } });
    // The time of the step before is not this one's.
    await world.tick(9);
    expect((await world.pointer())?.canary?.step).toBe(2);
    await world.tick(1);
    expect((await world.pointer())?.state).toBe("promoting");
    await world.tick();
    expect(await world.pointer()).toMatchObject({
      state: "soaking",
      stable: { version: "two" },
      previous: { version: "one" },
    });
    expect((await world.pointer())?.canary).toBeUndefined();
    await world.tick(59);
    expect((await world.pointer())?.state).toBe("soaking");
    await world.tick(1);
    expect(await world.kinds()).toEqual([
      "promoted",
      "canary_started",
      "canary_advanced",
      "promoting",
      "promoted",
      "succeeded",
    ]);
    expect(chainHolds(await world.ledger())).toBe(true);
    expect(world.published.map(({ type }) => type)).toEqual([
      "Flowgate.Promoted",
      "Flowgate.CanaryStarted",
      "Flowgate.CanaryAdvanced",
      "Flowgate.Promoted",
      "Flowgate.Succeeded",
    ]);
  });

  test.each([
    ["no_traffic", 30, { newestAt: undefined }, /No session/],
    ["stale_evidence", 40, { newestAt: "2026-11-26T10:05:00.000Z" }, /Nothing was heard/],
    ["broken_split", 5, { canarySessions: 300, brokenSplit: true }, /not 5 %/],
    ["time_limit", 24 * 60, { canarySessions: 3 }, /3 of 100 sessions/],
  ] as const)("is paused for %s", async (why, minutes, seen, reason) => {
    const world = await createCanaryWorld();
    world.seen = seen;
    await world.tick(minutes);
    expect(await world.pointer()).toMatchObject({
      state: "paused",
      rollout: { paused: why },
      canary: { weight: 0.05 },
    });
    expect((await world.ledger()).at(-1)?.reason).toMatch(reason);
    expect(world.published.at(-1)?.type).toBe("Flowgate.Paused");
  });

  test("as many sessions as a step asks for are enough, and as many as a soak does", async () => {
    const world = await createCanaryWorld({ steps: [0.5] });
    world.seen = { canarySessions: 99 };
    await world.tick(10);
    expect((await world.pointer())?.state).toBe("canary");
    world.seen = { canarySessions: 100, stableSessions: 1 };
    await world.tick();
    await world.tick();
    expect((await world.pointer())?.state).toBe("soaking");
    await world.tick(60);
    expect((await world.kinds()).at(-1)).toBe("succeeded");
  });

  test("a candidate whose files are lost before everybody has it is taken back", async () => {
    const world = await createCanaryWorld({ steps: [0.5] });
    world.seen = GOOD;
    await world.tick(10);
    await world.lose("two");
    await world.tick();
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
    expect((await world.ledger()).at(-2)).toMatchObject({
      kind: "aborting",
      reason: "Its files are missing or do not match their hashes.",
    });
  });

  test("what is taken back leaves what serves as it was, and since when", async () => {
    const world = createReleaseWorld();
    for (const version of ["zero", "one"]) await world.push(version);
    await world.push("two", "pass", { rollout: CANARY });
    const { stable, previous } = (await world.pointer()) ?? {};
    expect(previous?.version).toBe("zero");
    world.wait(30);
    await world.command("abort");
    expect(await world.pointer()).toMatchObject({ stable, previous });
  });

  test("what was taken back says at its end why", async () => {
    const world = await createCanaryWorld();
    world.seen = BAD;
    await world.tick(1);
    const [aborting, back] = (await world.ledger()).slice(-2);
    expect(back?.reason).toBe(`two is taken back: ${aborting?.reason.replace(/\.$/, "")}.`);
  });

  test("a signal to roll back ends at the stable version in the same tick", async () => {
    const world = await createCanaryWorld();
    world.seen = BAD;
    await world.tick(1);
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
    expect((await world.pointer())?.canary).toBeUndefined();
    const [aborting, back] = (await world.ledger()).slice(-2);
    expect(aborting).toMatchObject({
      kind: "aborting",
      reason: expect.stringContaining("6 of its sessions"),
    });
    expect(back).toMatchObject({ kind: "rolled_back", version: "one", from: "two" });
  });

  test("an approval at the end is asked for, given for its step, and only then everybody gets it", async () => {
    const world = await createCanaryWorld({ approval: "last", soakMs: 0 });
    world.seen = GOOD;
    await world.tick(10);
    await world.tick(10);
    expect(await world.pointer()).toMatchObject({
      state: "paused",
      rollout: { paused: "approval" },
      canary: { step: 2 },
    });
    await world.tick(10);
    await expect(world.command("resume")).rejects.toThrow("flowgate approve");
    const { generation = 0, rollout } = (await world.pointer()) ?? {};
    await expect(world.command("approve", { rolloutId: rollout?.id ?? "", step: 1 })).rejects.toThrow(
      "step 2",
    );
    await world.command("approve", { generation, rolloutId: rollout?.id ?? "", step: 2 });
    await world.tick();
    await world.tick();
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "two" } });
  });
});

describe("paused", () => {
  test("resuming gives the step its time anew", async () => {
    const world = await createCanaryWorld();
    await world.tick(30);
    await world.command("resume");
    expect(await world.pointer()).toMatchObject({ state: "canary", canary: { step: 1 } });
    world.seen = GOOD;
    await world.tick(9);
    expect((await world.pointer())?.canary?.step).toBe(1);
    await world.tick(1);
    expect((await world.pointer())?.canary?.step).toBe(2);
  });

  test("resuming gives traffic its time anew too: what was heard before the pause is not heard of now", async () => {
    const world = await createCanaryWorld();
    world.seen = { newestAt: new Date(world.now()).toISOString() };
    await world.tick(30);
    expect((await world.pointer())?.rollout?.paused).toBe("stale_evidence");
    await world.command("resume");
    await world.tick(29);
    expect((await world.pointer())?.state).toBe("canary");
    await world.tick(1);
    expect((await world.pointer())?.rollout?.paused).toBe("stale_evidence");
  });

  test("expires into an abort, by the time since it was paused", async () => {
    const world = await createCanaryWorld();
    world.wait(10 * 60);
    await world.command("pause");
    await world.tick(24 * 60 - 1);
    expect((await world.pointer())?.state).toBe("paused");
    await world.tick(1);
    expect((await world.kinds()).slice(-2)).toEqual(["aborting", "rolled_back"]);
  });

  test.each(["approval", "person"] as const)("a signal rolls back while it waits (%s)", async (why) => {
    const world = await createCanaryWorld({ approval: "each" });
    await world.command("approve");
    world.seen = GOOD;
    if (why === "approval") await world.tick(10);
    else await world.command("pause");
    expect(await world.pointer()).toMatchObject({ state: "paused", rollout: { paused: why } });
    world.seen = BAD;
    await world.tick();
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
  });
});

describe("soaking", () => {
  test("a regression goes back to the previous version", async () => {
    const world = await createCanaryWorld({ steps: [0.5] });
    world.seen = GOOD;
    await world.tick(10);
    await world.tick();
    world.seen = BAD;
    await world.tick(1);
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
    expect((await world.kinds()).slice(-2)).toEqual(["aborting", "rolled_back"]);
  });

  test("a success takes sessions of the soak beside its time, or a much longer time", async () => {
    const world = await createCanaryWorld({ steps: [0.5] });
    await world.command("promote");
    world.seen = { canarySessions: 500, step: 1 };
    await world.tick(60);
    world.seen = { canarySessions: 99 };
    await world.tick(24 * 60 - 1);
    expect((await world.pointer())?.state).toBe("soaking");
    await world.tick(1);
    expect((await world.ledger()).at(-1)).toMatchObject({
      kind: "succeeded",
      reason: "99 sessions came while it was watched, and none gave a reason to go back.",
    });
  });

  test("an abort does so too, and the next way back leads further back", async () => {
    const world = createReleaseWorld();
    for (const version of ["zero", "one"]) await world.push(version);
    await world.push("two", "pass", { rollout: CANARY });
    await world.command("promote");
    expect((await world.pointer())?.state).toBe("soaking");
    await world.command("abort");
    expect(await world.pointer()).toMatchObject({
      stable: { version: "one" },
      previous: { version: "zero" },
    });
  });

  test("after the abort of the second version there is nothing to go back to", async () => {
    const world = await createCanaryWorld();
    await world.command("promote");
    expect((await world.pointer())?.state).toBe("soaking");
    await world.command("abort");
    const { stable, previous } = (await world.pointer()) ?? {};
    expect(stable?.version).toBe("one");
    expect(previous).toBeUndefined();
  });
});

describe("aborting", () => {
  test("a target that is gone is replaced by the newest version of the ledger that verifies", async () => {
    const world = createReleaseWorld();
    await world.push("zero");
    await world.push("one");
    await world.push("two", "pass", { rollout: CANARY });
    await world.lose("one");
    await world.command("abort");
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "zero" } });
    expect((await world.ledger()).at(-1)).toMatchObject({
      kind: "rolled_back",
      version: "zero",
      from: "two",
    });
  });

  test("the next way back leads further back, also from the version that took the target's place", async () => {
    const world = createReleaseWorld();
    for (const version of ["zero", "one", "two"]) await world.push(version);
    await world.push("three", "pass", { rollout: CANARY });
    await world.command("promote");
    await world.lose("two");
    await world.command("abort");
    expect(await world.pointer()).toMatchObject({
      stable: { version: "one" },
      previous: { version: "zero" },
    });
    await world.command("rollback");
    expect((await world.pointer())?.stable?.version).toBe("zero");
  });

  test.each(["", "{", "null", "{}"])("a target whose manifest reads %j is gone as well", async (manifest) => {
    const world = createReleaseWorld();
    await world.push("zero");
    await world.push("one");
    await world.push("two", "pass", { rollout: CANARY });
    await world.store.write("registry", registryPath.version(FLOW, "one"), manifest);
    await world.command("abort");
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "zero" } });
  });

  test("what takes the target's place has the certificate that it got last", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    const run = await world.push("one", "pass", { suite: "new", purpose: "recertification" });
    await world.push("two");
    await world.push("three", "pass", { rollout: CANARY });
    await world.lose("two");
    await world.command("abort");
    expect((await world.pointer())?.stable).toMatchObject({ version: "one", suite: "new", run });
  });

  test("a canary that was taken back itself is nothing to go back to", async () => {
    const world = await createCanaryWorld();
    await world.command("abort");
    await world.push("three", "pass", { rollout: CANARY });
    await world.lose("one");
    await world.command("abort");
    expect(await world.pointer()).toMatchObject({ state: "blocked", stable: { version: "one" } });
  });

  test("without any it is blocked, the shares stay, and it goes on when a version verifies again", async () => {
    const world = await createCanaryWorld();
    await world.lose("one");
    await world.command("abort");
    await world.tick(60);
    expect(await world.pointer()).toMatchObject({ state: "blocked", canary: { weight: 0.05 } });
    await world.lose("one", false);
    await world.tick();
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
    expect((await world.pointer())?.canary).toBeUndefined();
  });
});

describe("blocked", () => {
  test("a newer candidate is none to go on to while stable serves, which does not verify", async () => {
    const world = await createCanaryWorld();
    await world.lose("one");
    await world.command("abort");
    await world.push("three", "pass", { rollout: CANARY });
    await world.tick();
    expect(await world.pointer()).toMatchObject({
      state: "blocked",
      canary: { version: "two" },
      pending: { version: "three" },
    });
  });

  test("a person who aborts again is taken to where the way back was to lead", async () => {
    const world = await createCanaryWorld();
    await world.command("promote");
    await world.lose("one");
    await world.command("abort");
    expect(await world.pointer()).toMatchObject({ state: "blocked", stable: { version: "two" } });
    await world.lose("one", false);
    await world.command("abort");
    expect(await world.pointer()).toMatchObject({ state: "idle", stable: { version: "one" } });
  });

  test("is left when stable verifies again: the candidate is decided on again", async () => {
    const world = createReleaseWorld();
    await world.push("one");
    await world.lose("one");
    await world.push("two", "pass", { rollout: CANARY });
    await world.tick(60);
    expect(await world.kinds()).toEqual(["promoted", "blocked"]);
    await world.lose("one", false);
    await world.tick();
    await world.tick();
    expect(await world.pointer()).toMatchObject({ state: "canary", canary: { version: "two" } });
    expect(await world.kinds()).toEqual(["promoted", "blocked", "unblocked", "canary_started"]);
  });
});

describe("a candidate that a newer one takes the place of is named by the ledger", () => {
  async function createBlockedWorld(): Promise<ReleaseWorld> {
    const world = createReleaseWorld();
    await world.push("zero");
    await world.push("one");
    await world.lose("one");
    await world.push("two", "pass", { rollout: CANARY });
    expect((await world.pointer())?.state).toBe("blocked");
    return world;
  }

  test("when a rollback takes what it was compared with, while it waited for an approval", async () => {
    const world = createReleaseWorld();
    await world.push("zero");
    await world.push("one");
    const run = await world.push("two", "pass", { rollout: { ...CANARY, approval: "first" } });
    await world.push("three", "pass", { rollout: CANARY });
    await world.command("rollback");
    expect(await world.pointer()).toMatchObject({
      state: "idle",
      stable: { version: "zero" },
      pending: { version: "three" },
    });
    expect((await world.ledger()).at(-1)).toMatchObject({
      kind: "rolled_back",
      version: "zero",
      supersedes: { version: "two", run },
    });
  });

  test("when a rollback unblocks: alone it is decided on again", async () => {
    const world = await createBlockedWorld();
    await world.command("rollback");
    expect(await world.pointer()).toMatchObject({ stable: { version: "zero" }, pending: { version: "two" } });
    expect((await world.ledger()).at(-1)?.supersedes).toBeUndefined();
  });

  test("when stable verifies again", async () => {
    const world = await createBlockedWorld();
    await world.push("three", "pass", { rollout: CANARY });
    await world.lose("one", false);
    await world.tick();
    expect(await world.pointer()).toMatchObject({ state: "idle", pending: { version: "three" } });
    expect((await world.ledger()).at(-1)).toMatchObject({ kind: "superseded", version: "two" });
  });
});
