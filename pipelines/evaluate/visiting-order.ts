import { sha256 } from "../../shared/model/canonical.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import type { DatasetRow, SuiteManifest } from "../../shared/model/version.ts";

/**
 * The suite's buckets in an order that neither author nor dataset chooses: by the hash of suite, candidate and bucket.
 * Buckets hold rows by the hashes of their clusters, so that the rows too come in random order. Verdicts that stop
 * early fold a contiguous prefix of this order (verdict.md, "Stopping early, validly").
 */
export function shardsInOrder(suite: Pick<SuiteManifest, "id" | "buckets">, version: string): string[] {
  return inOrder(suite.buckets, ({ name }) => `${suite.id}\n${version}\n${name}`).map(({ name }) => name);
}

/** The rows of a bucket: cluster by cluster, the clusters by such a hash too, the rows of one by their own. */
export function rowsInOrder(
  rows: readonly DatasetRow[],
  { suite, version }: Pick<RunPlan, "suite" | "version">,
): DatasetRow[] {
  const clusters = Map.groupBy(rows, ({ cluster }) => cluster);
  return inOrder([...clusters], ([cluster]) => `${suite}\n${version}\n${cluster}`).flatMap(([, members]) =>
    inOrder(members, ({ hash }) => hash),
  );
}

function inOrder<T>(items: readonly T[], key: (item: T) => string): T[] {
  if (items.length < 2) return [...items];
  return items
    .map((item) => ({ item, order: sha256(key(item)) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ item }) => item);
}
