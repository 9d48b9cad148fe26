import { expect, test } from "vitest";
import { sha256 } from "../../../shared/model/canonical.ts";
import { bucketBits, bucketOf, neighbouringBuckets } from "../../../shared/registry/row-buckets.ts";

test("thirty-two rows are one bucket, and no dataset has more than 512", () => {
  expect([1, 64, 65, 128, 129, 512, 1_000, 100_000].map(bucketBits)).toEqual([0, 0, 1, 1, 2, 3, 4, 9]);
});

test("a row's bucket under a finer division lies inside its bucket under the coarser one", () => {
  for (let row = 0; row < 200; row++) {
    const hash = sha256(String(row));
    expect(
      bucketOf({ cluster: hash, as: "quality" }, 5).startsWith(bucketOf({ cluster: hash, as: "quality" }, 4)),
    ).toBe(true);
    expect(neighbouringBuckets(bucketOf({ cluster: hash, as: "quality" }, 4))).toContain(
      bucketOf({ cluster: hash, as: "quality" }, 5),
    );
    expect(neighbouringBuckets(bucketOf({ cluster: hash, as: "quality" }, 5))).toContain(
      bucketOf({ cluster: hash, as: "quality" }, 4),
    );
  }
  expect(neighbouringBuckets("all")).toEqual(["0", "1"]);
  expect(neighbouringBuckets("1")).toContain("all");
});

test("rows spread evenly", () => {
  const counts = new Map<string, number>();
  for (let row = 0; row < 8_000; row++) {
    const bucket = bucketOf({ cluster: sha256(String(row)), as: "quality" }, 3);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  expect(counts.size).toBe(8);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test("safety rows have buckets of their own", () => {
  const hash = sha256("row");
  const bucket = bucketOf({ cluster: hash, as: "safety" }, 2);
  expect(bucket).toBe(`safety-${bucketOf({ cluster: hash, as: "quality" }, 2)}`);
  expect(neighbouringBuckets(bucket)).toContain("safety-all");
  expect(neighbouringBuckets("safety-all")).toEqual(["safety-0", "safety-1"]);
});
