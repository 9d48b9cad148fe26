import { expect, test } from "vitest";
import { nextPage } from "../../studio/data/next-page.ts";

const SHARDS = ["labels", "00", "01", "10"];

test("while a run goes on, a slow first shard holds up none of those that are in", () => {
  expect(nextPage(SHARDS, { read: new Set(), arrived: ["labels", "10", "01"] })).toEqual({
    shard: "01",
    offset: 0,
  });
  expect(nextPage(SHARDS, { read: new Set(["01"]), arrived: ["10", "01"] })?.shard).toBe("10");
  expect(nextPage(SHARDS, { read: new Set(["01", "10"]), arrived: ["10", "01"] })).toBeUndefined();
});

test("once it is over, what came late is read too, and a shard is read to its end", () => {
  expect(nextPage(SHARDS, { read: new Set(["01", "10"]) })).toEqual({ shard: "00", offset: 0 });
  const within = { shard: "01", offset: 200 };
  expect(nextPage(SHARDS, { read: new Set(["10"]), within })).toEqual(within);
  expect(nextPage(SHARDS, { read: new Set(["00", "01", "10"]) })).toBeUndefined();
});
