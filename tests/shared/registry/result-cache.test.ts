import { expect, test } from "vitest";
import { openResultCache, resultKey } from "../../../shared/registry/result-cache.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";

test("what was put is there for the next who opens the cache", async () => {
  const store = createMemoryBlobStore();
  const cache = await openResultCache(store, "shop", "one", "010");
  cache.put("key", { answer: "1.9 kg" });
  await cache.flush();
  expect((await openResultCache(store, "shop", "one", "010")).get("key")).toEqual({ answer: "1.9 kg" });
  expect((await openResultCache(store, "shop", "two", "010")).get("key")).toBeUndefined();
});

test("what a run paid for before it came again is told apart from what others did, once", async () => {
  const store = createMemoryBlobStore();
  const other = await openResultCache(store, "shop", "one", "010", { run: "other" });
  other.put("theirs", 1);
  await other.flush();
  const before = await openResultCache(store, "shop", "one", "010", { run: "mine" });
  before.put("ours", 2);
  expect(before.claim("ours")).toBe(false);
  await before.flush();
  const again = await openResultCache(store, "shop", "one", "010", { run: "mine" });
  expect([again.get("theirs"), again.get("ours")]).toEqual([1, 2]);
  expect(["theirs", "ours", "ours"].map((key) => again.claim(key))).toEqual([false, true, false]);
});

test("results found in a coarser or finer bucket move to this one when they are used", async () => {
  const store = createMemoryBlobStore();
  const before = await openResultCache(store, "shop", "one", "01");
  before.put("used", 1);
  before.put("unused", 2);
  await before.flush();
  const after = await openResultCache(store, "shop", "one", "010");
  expect(after.get("used")).toBe(1);
  await after.flush();
  const later = await openResultCache(store, "shop", "one", "010");
  expect(later.get("used")).toBe(1);
  expect(later.get("unused")).toBeUndefined();
});

test("a bucket that was not recorded is made, and read where somebody else made it in the meantime", async () => {
  const store = createMemoryBlobStore();
  const recorded = new Set<string>();
  const first = await openResultCache(store, "shop", "one", "010", { recorded });
  expect(first.get("key")).toBeUndefined();
  first.put("key", 1);
  await first.flush();
  const second = await openResultCache(store, "shop", "one", "010", { recorded });
  expect(second.get("key")).toBe(1);
});

test("what comes within a moment is written together", async () => {
  const memory = createMemoryBlobStore();
  let writes = 0;
  const store: typeof memory = {
    ...memory,
    append: async (...parameters) => {
      writes++;
      await new Promise((resolve) => setImmediate(resolve));
      return memory.append(...parameters);
    },
  };
  const cache = await openResultCache(store, "shop", "one", "all");
  for (let index = 0; index < 100; index++) cache.put(`key-${index}`, index);
  await cache.flush();
  expect(writes).toBe(1);
  expect((await openResultCache(memory, "shop", "one", "all")).get("key-99")).toBe(99);
});

test("a write that fails is reported by flush", async () => {
  const store = { ...createMemoryBlobStore(), append: () => Promise.reject(new Error("storage is gone")) };
  const cache = await openResultCache(store, "shop", "one", "all");
  cache.put("key", 1);
  await expect(cache.flush()).rejects.toThrow("storage is gone");
});

test("a torn last line loses that line and no other", async () => {
  const store = createMemoryBlobStore();
  const cache = await openResultCache(store, "shop", "one", "all");
  cache.put("key", 1);
  await cache.flush();
  await store.append("cache", "shop/results/one/all.jsonl", '{"key": "torn", "val');
  const again = await openResultCache(store, "shop", "one", "all");
  expect(again.get("key")).toBe(1);
  expect(again.get("torn")).toBeUndefined();
});

test("a key depends on every part and not on their order", () => {
  expect(resultKey({ a: 1, b: "x" })).toBe(resultKey({ b: "x", a: 1 }));
  expect(resultKey({ a: 1, b: "x" })).not.toBe(resultKey({ a: 1, b: "y" }));
});
