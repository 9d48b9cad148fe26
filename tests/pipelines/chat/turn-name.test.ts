import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isSampled } from "../../../pipelines/chat/is-sampled.ts";
import { createTurnNames, turnOfName } from "../../../pipelines/chat/turn-name.ts";
import { RetryLaterError } from "../../../shared/errors.ts";
import type { AnsweredBy } from "../../../shared/model/traffic.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";

const AT = new Date("2026-11-26T16:05:07.000Z");
const CANARY: AnsweredBy = {
  flow: "shop",
  version: "0123456789ab",
  share: { arm: "canary", rollout: "ba9876543210", step: 2, weight: 0.25 },
};

test("another process reads of a name which version answered, and for which share of a rollout", async () => {
  const store = createMemoryBlobStore();
  const name = await createTurnNames({ store }).name(CANARY, "ada", AT);
  expect(name).toMatch(/^[\w-]{60,120}$/);
  const other = createTurnNames({ store });
  expect(await other.read(name, "shop", "ada")).toEqual({ ...CANARY, turn: turnOfName(name), at: AT });
  const stable = { flow: "shop", version: "0123456789ab" };
  const plain = await other.name(stable, "ada", AT);
  expect(await other.read(plain, "shop", "ada")).toEqual({ ...stable, turn: turnOfName(plain), at: AT });
});

test("to another session or flow there is no such turn, nor one with a name that was altered or made up", async () => {
  const names = createTurnNames({ store: createMemoryBlobStore() });
  const name = await names.name(CANARY, "ada", AT);
  expect(await names.read(name, "shop", "bob")).toBeUndefined();
  expect(await names.read(name, "shop2", "ada")).toBeUndefined();
  const altered = Buffer.from(name, "base64url");
  altered[altered.length - 1] = 0x39;
  expect(await names.read(altered.toString("base64url"), "shop", "ada")).toBeUndefined();
  for (const made of ["", "x", crypto.randomUUID(), "A".repeat(100)]) {
    expect(await names.read(made, "shop", "ada")).toBeUndefined();
  }
});

test("two processes that begin at once sign by the same key", async () => {
  const store = createMemoryBlobStore();
  const [one, two] = [createTurnNames({ store }), createTurnNames({ store })];
  const [first, second] = await Promise.all([one.name(CANARY, "a", AT), two.name(CANARY, "a", AT)]);
  expect(await two.read(first, "shop", "a")).toMatchObject({ version: CANARY.version });
  expect(await one.read(second, "shop", "a")).toMatchObject({ version: CANARY.version });
});

describe("without storage", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("turns have names that nobody can vouch for, ask for the key no more than now and then, and later ones can be vouched for", async () => {
    const store = createMemoryBlobStore();
    let isGone = true;
    let reads = 0;
    const read: typeof store.read = async (...asked) => {
      reads++;
      if (isGone) throw new RetryLaterError("Storage does not answer.");
      return store.read(...asked);
    };
    const names = createTurnNames({ store: { ...store, read } });
    const early = await names.name(CANARY, "ada", AT);
    for (let turn = 0; turn < 20; turn++) await names.name(CANARY, "ada", AT);
    expect(reads).toBe(1);
    isGone = false;
    vi.advanceTimersByTime(11_000);
    const later = await names.name(CANARY, "ada", AT);
    expect(await names.read(early, "shop", "ada")).toBeUndefined();
    expect(await names.read(later, "shop", "ada")).toMatchObject(CANARY);
  });

  test("that hangs a turn waits for a second, the next ones not at all, until the key is there", async () => {
    const store = createMemoryBlobStore();
    const answer = Promise.withResolvers<void>();
    const read: typeof store.read = async (...asked) => {
      await answer.promise;
      return store.read(...asked);
    };
    const names = createTurnNames({ store: { ...store, read } });
    const first = names.name(CANARY, "ada", AT);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(turnOfName(await first)).toHaveLength(32);
    expect(turnOfName(await names.name(CANARY, "ada", AT))).toHaveLength(32);
    answer.resolve();
    await vi.advanceTimersByTimeAsync(1);
    expect(await names.read(await names.name(CANARY, "ada", AT), "shop", "ada")).toMatchObject(CANARY);
  });
});

test("a share of turns is sampled, the same ones each time, and more by a larger share", () => {
  const turns = Array.from({ length: 20_000 }, (_, index) => `turn ${index}`);
  const few = turns.filter((turn) => isSampled(turn, 0.05));
  expect(few.length).toBeGreaterThan(900);
  expect(few.length).toBeLessThan(1100);
  expect(turns.filter((turn) => isSampled(turn, 0.05))).toEqual(few);
  expect(few.every((turn) => isSampled(turn, 0.1))).toBe(true);
  expect(turns.some((turn) => isSampled(turn, 0))).toBe(false);
  expect(turns.every((turn) => isSampled(turn, 1))).toBe(true);
});
