import { expect, test } from "vitest";
import { sha256 } from "../../../shared/model/canonical.ts";
import { bucketBits, bucketOf, neighbouringBuckets } from "../../../shared/registry/row-buckets.ts";

test("sixteen rows are one bucket, and no dataset has more than 512", () => {
  expect([1, 16, 17, 32, 33, 128, 1_000, 100_000].map(bucketBits)).toEqual([0, 0, 1, 1, 2, 3, 6, 9]);
});

test("a row's bucket under a finer division lies inside its bucket under the coarser one", () => {
  for (let row = 0; row < 200; row++) {
    const hash = sha256(String(row));
    expect(bucketOf(hash, 5).startsWith(bucketOf(hash, 4))).toBe(true);
    expect(neighbouringBuckets(bucketOf(hash, 4))).toContain(bucketOf(hash, 5));
    expect(neighbouringBuckets(bucketOf(hash, 5))).toContain(bucketOf(hash, 4));
  }
  expect(neighbouringBuckets("all")).toEqual(["0", "1"]);
  expect(neighbouringBuckets("1")).toContain("all");
});

test("rows spread evenly", () => {
  const counts = new Map<string, number>();
  for (let row = 0; row < 8_000; row++) {
    const bucket = bucketOf(sha256(String(row)), 3);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  expect(counts.size).toBe(8);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
