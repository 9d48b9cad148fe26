import { beforeEach, expect, test } from "vitest";
import { bucketOfSession } from "../../../pipelines/chat/assign-session.ts";
import { createTrafficRecorder } from "../../../pipelines/chat/record-traffic.ts";
import type { ServingVersion } from "../../../pipelines/chat/flow-catalog.ts";
import { createEvidenceReader } from "../../../pipelines/release/read-evidence.ts";
import type { Evidence } from "../../../pipelines/release/evidence.ts";
import type { ActiveRollout, ReleasePointer } from "../../../shared/model/release.ts";
import type { DefectClass } from "../../../shared/model/traffic.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createStillClock, type StillClock } from "../../fakes/still-clock.ts";
import { CANARY } from "./release-world.ts";

const START = "2026-11-26T16:50:00.000Z";
let store: BlobStore;
let reads: string[];
let clock: StillClock;
let pointer: ReleasePointer;

beforeEach(() => {
  const memory = createMemoryBlobStore();
  reads = [];
  store = {
    ...memory,
    read: (container, name) => {
      reads.push(name);
      return memory.read(container, name);
    },
  };
  clock = createStillClock(START);
  pointer = at(1);
});

function at(step: number, state: ReleasePointer["state"] = "canary"): ReleasePointer {
  const weight = CANARY.steps[step - 1] ?? 1;
  const canary = { version: "two", weight, seed: "seed", rolloutId: "r", step, since: START };
  return {
    flow: "shop",
    generation: 2,
    state,
    stable: { version: "one", suite: "s", run: "1", since: START },
    previous: undefined,
    canary: state === "soaking" ? undefined : canary,
    rollout: {
      id: "r",
      candidate: { version: "two", suite: "s", run: "2" },
      baseline: "one",
      plan: CANARY,
      startedAt: START,
      since: START,
      approvedStep: 0,
    },
    entry: {} as ReleasePointer["entry"],
  };
}

/** Serves sessions as the catalog assigns them, each with the defects that `wrong` says. */
async function serve(
  sessions: string[],
  wrong: (session: string, arm: "stable" | "canary") => DefectClass[],
  instance = "i1",
  served: StillClock = clock,
): Promise<void> {
  const recorder = createTrafficRecorder({ store, clock: served, instance });
  const { step = 3, weight = 1 } = pointer.canary ?? {};
  for (const session of sessions) {
    const arm = bucketOfSession(session, "seed") < weight ? "canary" : "stable";
    const share = { arm, rollout: "r", step, weight, latencyObjectiveMs: undefined } as const;
    const serving: ServingVersion = {
      flow: "shop",
      version: arm === "stable" ? "one" : "two",
      loaded: {} as ServingVersion["loaded"],
      share,
    };
    recorder.record({ serving, session, defects: wrong(session, arm) });
  }
  await recorder.close();
}

const names = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `s${from + index}`);
const fine = (): DefectClass[] => [];

async function blobs(): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of store.list("traffic", "shop/")) found.push(name);
  return found;
}

async function textOf(blob: string): Promise<string> {
  return String((await store.read("traffic", blob))?.body);
}

async function read(secondsLater = 20): Promise<Evidence | undefined> {
  clock.advance(secondsLater * 1000);
  return createEvidenceReader(store)(pointer, clock.now().toISOString());
}

/** How many sessions count at that moment. */
async function readAt(now: string): Promise<number> {
  const evidence = await createEvidenceReader(store)(pointer, now);
  return (evidence?.canarySessions ?? 0) + (evidence?.stableSessions ?? 0);
}

test("a session counts once, whatever process served it and however often", async () => {
  await serve(names(1000), fine);
  clock.advance(60_000);
  await serve(names(1000), fine, "i2");
  const evidence = await read();
  expect((evidence?.canarySessions ?? 0) + (evidence?.stableSessions ?? 0)).toBe(1000);
  expect(evidence).toMatchObject({ rolloutId: "r", step: 1, signal: undefined, brokenSplit: false });
});

test("what is younger than the watermark is not counted, yet shows that traffic is heard of", async () => {
  await serve(names(100), fine);
  const evidence = await read(10);
  expect(evidence).toMatchObject({ canarySessions: 0, stableSessions: 0, newestAt: START });
});

test("what was heard last is the newest, whichever process is read last", async () => {
  await serve(names(10), fine, "older");
  clock.advance(7 * 60_000);
  const heard = clock.now().toISOString();
  await serve(names(10), fine, "newer");
  const [older = "", newer = ""] = await blobs();
  // Read in the order of their names.
  await store.append("traffic", newer.replace("newer", "a"), await textOf(newer));
  await store.append("traffic", newer.replace("newer", "z"), await textOf(older));
  expect((await read())?.newestAt).toBe(heard);
});

test("a line that a process did not get to write whole keeps no other one from being counted", async () => {
  await serve(names(100), fine);
  const [blob = ""] = await blobs();
  const line = await textOf(blob);
  await store.append("traffic", blob, line.slice(0, line.length / 2));
  const evidence = await read();
  expect((evidence?.canarySessions ?? 0) + (evidence?.stableSessions ?? 0)).toBe(100);
});

test("a canary whose sessions fail raises a signal by class, over minutes, hours and processes", async () => {
  await serve(names(200), (_, arm) => (arm === "canary" ? ["guardrail"] : []));
  clock.advance(15 * 60_000);
  await serve(names(200, 200), (_, arm) => (arm === "canary" ? ["guardrail"] : []), "i2");
  const evidence = await read();
  expect(evidence?.signal).toMatchObject({ defect: "guardrail", stable: 0 });
  expect(evidence?.signal?.canary).toBe(evidence?.canarySessions);
});

test("three of a canary's sessions that fail before any other are a reason to go back at 5 %, and two are none", async () => {
  const ofCanary = names(2000).filter((name) => bucketOfSession(name, "seed") < 0.05);
  await serve(ofCanary.slice(0, 2), () => ["error"]);
  expect((await read())?.signal).toBeUndefined();
  await serve(ofCanary.slice(2, 3), () => ["error"], "i2");
  expect((await read())?.signal).toMatchObject({ defect: "error", canary: 3, stable: 0 });
});

test("a failure tells as much as it did at its own step: of half of the sessions less than of a few", async () => {
  const ofCanary = names(2000).filter((name) => bucketOfSession(name, "seed") < 0.05);
  await serve(ofCanary.slice(0, 2), () => ["error"]);
  pointer = at(2);
  await serve(ofCanary.slice(2, 3), () => ["error"], "i2");
  expect((await read())?.signal).toBeUndefined();
  await serve(ofCanary.slice(3, 5), () => ["error"], "i3");
  expect((await read())?.signal).toMatchObject({ defect: "error", canary: 5 });
});

test("an outage that hits both arms raises none", async () => {
  await serve(names(2000), () => ["error"]);
  expect((await read())?.signal).toBeUndefined();
});

test("one session that fails a hundred times is one defect", async () => {
  const session = names(1000).find((name) => bucketOfSession(name, "seed") < 0.05) ?? "";
  for (let turn = 0; turn < 100; turn++) await serve([session], () => ["error"], `i${turn}`);
  expect((await read())?.signal).toBeUndefined();
});

test("each step counts its own sessions, and defects are carried over", async () => {
  await serve(names(200), fine);
  pointer = at(2);
  await serve(names(50), fine);
  const evidence = await read();
  expect(evidence?.step).toBe(2);
  expect((evidence?.canarySessions ?? 0) + (evidence?.stableSessions ?? 0)).toBe(50);
});

test("sessions that all go to one arm are a broken split", async () => {
  const stable = names(500).filter((name) => bucketOfSession(name, "seed") >= 0.05);
  await serve(stable, fine);
  expect((await read())?.brokenSplit).toBe(true);
});

test("thirteen sessions that all go to one of two arms may be chance, and fourteen are none", async () => {
  pointer = at(2);
  const stable = names(500).filter((name) => bucketOfSession(name, "seed") >= 0.5);
  await serve(stable.slice(0, 13), fine);
  expect((await read())?.brokenSplit).toBe(false);
  await serve(stable.slice(13, 14), fine, "i2");
  expect((await read())?.brokenSplit).toBe(true);
});

test("while it soaks, failing far more often than stable did before raises a signal", async () => {
  await serve(names(1000), (session) => (session.endsWith("00") ? ["error"] : []));
  pointer = at(3, "soaking");
  await serve(names(300, 1000), (session) => (session.endsWith("0") ? ["error"] : []));
  expect((await read())?.signal).toMatchObject({ defect: "error" });
});

test("what failed before it soaked is not held against the soak", async () => {
  pointer = at(2);
  await serve(names(1000), (session) => (session.endsWith("0") || session.endsWith("1") ? ["error"] : []));
  pointer = at(3, "soaking");
  await serve(names(50, 1000), fine);
  expect(await read()).toMatchObject({ signal: undefined, canarySessions: 50, step: 3 });
});

test("while it soaks, failing is compared with what stable did, not with what the candidate does now", async () => {
  await serve(names(1000), (session) => (session.endsWith("00") ? ["error"] : []));
  pointer = at(3, "soaking");
  await serve(names(100, 1000), (session) => (/[05]$/.test(session) ? ["error"] : []));
  expect((await read())?.signal).toMatchObject({ defect: "error" });
});

test("while it soaks, clients that leave have come: those who stay fail no more often for it", async () => {
  const leaves = (session: string): boolean => !/[05]$/.test(session);
  const wrong = (session: string, share: RegExp): DefectClass[] => [
    ...(leaves(session) ? (["abandoned"] as const) : []),
    ...(share.test(session) ? (["error"] as const) : []),
  ];
  await serve(names(1000), (session) => wrong(session, /[1-4]0$/));
  pointer = at(3, "soaking");
  await serve(names(100, 1000), (session) => wrong(session, /0$/));
  expect(await read()).toMatchObject({ signal: undefined, canarySessions: 20 });
});

test("a version that may fail more often than stable soaks though it does so", async () => {
  const rollout = pointer.rollout as ActiveRollout;
  await serve(names(1000), (session) => (session.endsWith("00") ? ["error"] : []));
  pointer = { ...at(3, "soaking"), rollout: { ...rollout, plan: { ...CANARY, margin: 20 } } };
  await serve(names(100, 1000), (session) => (session.endsWith("0") ? ["error"] : []));
  expect((await read())?.signal).toBeUndefined();
});

test("what was heard at a step before is not heard of this one", async () => {
  await serve(names(100), fine);
  pointer = at(2);
  expect(await read()).toMatchObject({ step: 2, newestAt: undefined });
});

test("a line of another rollout counts nothing, whatever it names", async () => {
  await serve(names(100), fine);
  const [blob = ""] = await blobs();
  const other = (await textOf(blob)).replaceAll('"rollout":"r"', '"rollout":"r2"');
  await store.delete("traffic", blob);
  await store.append("traffic", blob, other);
  expect(await read()).toMatchObject({ canarySessions: 0, stableSessions: 0 });
});

test("a blob that is swept away while it is read keeps no other from being counted", async () => {
  await serve(names(10), fine);
  await serve(names(10, 10), fine, "i2");
  const [first = ""] = await blobs();
  const read = store.read.bind(store);
  store.read = async (container, name) => (name === first ? undefined : read(container, name));
  clock.advance(20_000);
  expect(await readAt(clock.now().toISOString())).toBe(10);
});

test("while it soaks as well as before, nothing is said", async () => {
  await serve(names(1000), (session) => (session.endsWith("0") ? ["error"] : []));
  pointer = at(3, "soaking");
  await serve(names(300, 1000), (session) => (session.endsWith("0") ? ["error"] : []));
  expect(await read()).toMatchObject({ signal: undefined, canarySessions: 300, step: 3 });
});

test("at high traffic counts are scaled by the share that is listed", async () => {
  await serve(names(9000), fine);
  const evidence = await read();
  const all = (evidence?.canarySessions ?? 0) + (evidence?.stableSessions ?? 0);
  expect(all).toBeGreaterThan(8000);
  expect(all).toBeLessThan(10_000);
  // A step asks for sessions of the canary.
  expect(evidence?.canarySessions).toBeGreaterThan(350);
  expect(evidence?.brokenSplit).toBe(false);
});

test("a clock that was hours ahead leaves nothing unread once it is right again", async () => {
  const reader = createEvidenceReader(store);
  await serve(names(100), fine);
  clock.advance(20_000);
  await reader(pointer, new Date(clock.now().getTime() + 5 * 3_600_000).toISOString());
  clock.advance(2 * 3_600_000);
  await serve(names(100, 100), (_, arm) => (arm === "canary" ? ["error"] : []));
  clock.advance(20_000);
  const evidence = await reader(pointer, clock.now().toISOString());
  expect((evidence?.canarySessions ?? 0) + (evidence?.stableSessions ?? 0)).toBe(200);
});

test("hours that are over are asked for once more for ten minutes, in which slow processes write, and then no more", async () => {
  const listed: string[] = [];
  const watched: BlobStore = {
    ...store,
    list: (container, prefix) => {
      listed.push(prefix);
      return store.list(container, prefix);
    },
  };
  const reader = createEvidenceReader(watched);
  await serve(names(10), fine);
  const [blob = ""] = await blobs();
  clock.advance(19 * 60_000);
  await reader(pointer, clock.now().toISOString());
  // Written at 17:09, of 16:59.
  const late = (await textOf(blob)).replaceAll(/[0-9a-f]{16}/g, (hash) => hash.split("").reverse().join(""));
  await store.append("traffic", blob.replace("i1", "slow"), late);
  const evidence = await reader(pointer, clock.now().toISOString());
  expect((evidence?.canarySessions ?? 0) + (evidence?.stableSessions ?? 0)).toBe(20);
  clock.advance(60_000 + 1);
  await reader(pointer, clock.now().toISOString());
  listed.length = 0;
  await reader(pointer, clock.now().toISOString());
  expect(listed.map((prefix) => prefix.slice(-4))).not.toContainEqual(expect.stringContaining("16"));
  expect(listed.length).toBeGreaterThan(0);
});

test("what was served by a clock a little ahead, or begun before the rollout's own hour, is read", async () => {
  clock.advance(9 * 60_000 + 30_000);
  const ahead = createStillClock("2026-11-26T17:00:10.000Z");
  await serve(names(10), fine, "ahead", ahead);
  expect(await readAt("2026-11-26T16:59:50.000Z")).toBe(0);
  // By the storage service's clock the rollout began at the full hour; who served then was a little behind.
  pointer = at(1);
  pointer.rollout = { ...(pointer.rollout as ActiveRollout), startedAt: "2026-11-26T17:00:00.000Z" };
  await serve(names(10, 10), fine, "behind", createStillClock("2026-11-26T16:59:58.000Z"));
  expect(await readAt("2026-11-26T17:00:40.000Z")).toBe(20);
});

test("traffic of the rollout before says nothing of this one, to a process that read it", async () => {
  const reader = createEvidenceReader(store);
  await serve(names(100), (_, arm) => (arm === "canary" ? ["error"] : []));
  clock.advance(20_000);
  await reader(pointer, clock.now().toISOString());
  const rollout = { ...(pointer.rollout as ActiveRollout), id: "r2" };
  const next = { ...pointer, rollout };
  expect(await reader(next, clock.now().toISOString())).toMatchObject({
    rolloutId: "r2",
    canarySessions: 0,
    stableSessions: 0,
    signal: undefined,
  });
  expect(await reader({ ...pointer, rollout: undefined }, clock.now().toISOString())).toBeUndefined();
});

test("a canary that may fail more often than stable is not taken back for what that allows", async () => {
  const ofCanary = names(2000).filter((name) => bucketOfSession(name, "seed") < 0.05);
  await serve(ofCanary.slice(0, 3), () => ["error"]);
  expect((await read())?.signal).toBeDefined();
  const rollout = pointer.rollout as ActiveRollout;
  pointer = { ...pointer, rollout: { ...rollout, plan: { ...CANARY, margin: 3 } } };
  expect((await read())?.signal).toBeUndefined();
});

test("only blobs that are new or have grown are read again", async () => {
  await serve(names(10), fine);
  clock.advance(60_000);
  await serve(names(10), fine);
  const reader = createEvidenceReader(store);
  await reader(pointer, clock.now().toISOString());
  expect(reads).toHaveLength(2);
  await serve(names(10), fine);
  await reader(pointer, clock.now().toISOString());
  expect(reads).toHaveLength(3);
});
