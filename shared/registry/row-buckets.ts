import type { DatasetRow } from "../model/version.ts";

const ROWS_PER_BUCKET = 64;
const MOST_BITS = 9;
const SAFETY = "safety-";
const COUNTERFACTUAL = "counterfactual-";

/**
 * How many leading bits of a row's hash name its bucket. A bucket is what one queue message carries and what the
 * cache is kept by: small enough that work spreads, at most 512 so that listings stay one page.
 */
export function bucketBits(rows: number): number {
  if (rows <= ROWS_PER_BUCKET) return 0;
  return Math.min(MOST_BITS, Math.ceil(Math.log2(rows / ROWS_PER_BUCKET)));
}

/**
 * The bucket of a row: `bits` binary digits of the SHA-256 of its cluster, so that rows that belong together lie
 * together; "all" where there are none. Safety rows and counterfactual ones, which always run in full, have buckets of
 * their own.
 */
export function bucketOf({ cluster, as }: Pick<DatasetRow, "cluster" | "as">, bits: number): string {
  const leading = Number.parseInt(cluster.slice(0, 4), 16).toString(2).padStart(16, "0");
  const digits = bits === 0 ? "all" : leading.slice(0, bits);
  if (as === "counterfactual") return `${COUNTERFACTUAL}${digits}`;
  return as === "safety" ? `${SAFETY}${digits}` : digits;
}

/** The bucket of the finest division, of which every coarser one is made. */
export function finestBucketOf(row: Pick<DatasetRow, "cluster" | "as">): string {
  return bucketOf(row, MOST_BITS);
}

/** The bucket that the rows of a finest one lie in where fewer bits name buckets. */
export function coarserBucket(finest: string, bits: number): string {
  const prefix = finest.slice(0, -MOST_BITS);
  return prefix + (bits === 0 ? "all" : finest.slice(prefix.length, prefix.length + bits));
}

/**
 * The buckets that may hold a bucket's rows under every coarser and the next finer division: where results are looked
 * for after a dataset grew or shrank past a power of two.
 */
export function neighbouringBuckets(bucket: string): string[] {
  const prefix = [SAFETY, COUNTERFACTUAL].find((known) => bucket.startsWith(known));
  if (prefix !== undefined) {
    return neighbouringBuckets(bucket.slice(prefix.length)).map((name) => `${prefix}${name}`);
  }
  if (bucket === "all") return ["0", "1"];
  const coarser = Array.from({ length: bucket.length - 1 }, (_, bits) => bucket.slice(0, bits + 1));
  return ["all", ...coarser, `${bucket}0`, `${bucket}1`];
}
