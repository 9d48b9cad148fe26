import type { DatasetRow, RowKind, SuiteManifest } from "../../shared/model/version.ts";
import { bucketBits, coarserBucket, finestBucketOf } from "../../shared/registry/row-buckets.ts";

/** A bucket of a suite, with the bytes that its rows take when they are stored. */
export type SurveyedBucket = SuiteManifest["buckets"][number] & { bytes: number };

/** Counts rows as they go by: what a suite must know of them before the first is stored. */
export interface RowSurvey {
  add(row: DatasetRow): void;
  /** Rows of datasets: those that substitutions made are none. */
  rows(): number;
  clusters(): SuiteManifest["clusters"];
  /** How many leading bits name the buckets of a kind. */
  bits(kind: RowKind): number;
  /** Kind by kind. */
  buckets(): SurveyedBucket[];
}

export function createRowSurvey(): RowSurvey {
  const counts = new Map<RowKind, Map<string, { rows: number; bytes: number }>>();
  const rowsOf = (kind: RowKind): number =>
    [...(counts.get(kind)?.values() ?? [])].reduce((sum, { rows }) => sum + rows, 0);
  const bits = (kind: RowKind): number => bucketBits(rowsOf(kind));
  const sizes = new Map<string, number>();
  let alone = 0;
  return {
    add(row) {
      const { as, cluster, hash } = row;
      const finest = finestBucketOf(row);
      const ofKind = counts.get(as) ?? new Map<string, { rows: number; bytes: number }>();
      counts.set(as, ofKind);
      const count = ofKind.get(finest) ?? { rows: 0, bytes: 0 };
      count.rows += 1;
      count.bytes += Buffer.byteLength(lineOf(row));
      ofKind.set(finest, count);
      if (as !== "quality") return;
      // A row that is a cluster of its own has no other in it: no two have the same hash.
      if (cluster === hash) alone += 1;
      else sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
    },
    rows: () => rowsOf("quality") + rowsOf("safety"),
    clusters() {
      let largest = Math.min(1, alone);
      for (const size of sizes.values()) largest = Math.max(largest, size);
      return { count: sizes.size + alone, largest };
    },
    bits,
    buckets() {
      const buckets = new Map<string, SurveyedBucket>();
      for (const [as, ofKind] of counts) {
        for (const [finest, { rows, bytes }] of ofKind) {
          const name = coarserBucket(finest, bits(as));
          const known = buckets.get(name) ?? { name, rows: 0, as, bytes: 0 };
          buckets.set(name, { ...known, rows: known.rows + rows, bytes: known.bytes + bytes });
        }
      }
      return [...buckets.values()];
    },
  };
}

/** A row as it is stored. */
export function lineOf(row: DatasetRow): string {
  return `${JSON.stringify(row)}\n`;
}
