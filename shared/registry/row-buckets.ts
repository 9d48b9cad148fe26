const ROWS_PER_BUCKET = 16;
const MOST_BITS = 9;

/**
 * How many leading bits of a row's hash name its bucket. A bucket is what one queue message carries and what the
 * cache is kept by: small enough that work spreads, at most 512 so that listings stay one page.
 */
export function bucketBits(rows: number): number {
  if (rows <= ROWS_PER_BUCKET) return 0;
  return Math.min(MOST_BITS, Math.ceil(Math.log2(rows / ROWS_PER_BUCKET)));
}

/** The bucket of a row: `bits` binary digits of its SHA-256, or "all" where there are none. */
export function bucketOf(hash: string, bits: number): string {
  if (bits === 0) return "all";
  const leading = Number.parseInt(hash.slice(0, 4), 16).toString(2).padStart(16, "0");
  return leading.slice(0, bits);
}

/**
 * The buckets that may hold a bucket's rows under every coarser and the next finer division: where results are looked
 * for after a dataset grew or shrank past a power of two.
 */
export function neighbouringBuckets(bucket: string): string[] {
  if (bucket === "all") return ["0", "1"];
  const coarser = Array.from({ length: bucket.length - 1 }, (_, bits) => bucket.slice(0, bits + 1));
  return ["all", ...coarser, `${bucket}0`, `${bucket}1`];
}
