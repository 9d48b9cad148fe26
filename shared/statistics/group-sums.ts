import {
  addCluster,
  clusterMean,
  type ClusterMean,
  type ClusterSums,
  emptyClusterSums,
} from "./cluster-sums.ts";
import { CONFIDENCE, type Interval } from "./interval.ts";
import { leastError } from "./least-error.ts";
import { criticalT } from "./student-t.ts";

/** Sums over clusters of rows that fall into groups: all that the groups' means and their differences need. */
export interface GroupSums {
  groups: Map<string, ClusterSums>;
  /** By two groups, what the clusters that have rows of both add to their covariance. */
  shared: Map<string, { products: number; sumsBySizes: number; sizesBySums: number; sizes: number }>;
}

export interface Gap {
  /** The groups, the one with the higher mean first. */
  between: [string, string];
  value: number;
  /** Of the first's mean minus the second's; undefined where a group has fewer than two clusters. */
  interval: Interval | undefined;
  /** How far apart the two are at most, whichever way: with 97.5 %, of these two alone. */
  reach: number | undefined;
}

export function emptyGroupSums(): GroupSums {
  return { groups: new Map(), shared: new Map() };
}

/** Adds one cluster's rows, each with its group. */
export function addGroupedCluster(sums: GroupSums, rows: readonly { group: string; value: number }[]): void {
  const members = [...Map.groupBy(rows, ({ group }) => group)].sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = members.map(([group, own]) => {
    const known = sums.groups.get(group) ?? emptyClusterSums();
    sums.groups.set(group, known);
    addCluster(
      known,
      own.map(({ value }) => value),
    );
    return { group, size: own.length, sum: own.reduce((sum, { value }) => sum + (value - known.origin), 0) };
  });
  for (const [index, one] of parts.entries()) {
    for (const other of parts.slice(index + 1)) {
      const key = pairKey(one.group, other.group);
      const found = sums.shared.get(key) ?? { products: 0, sumsBySizes: 0, sizesBySums: 0, sizes: 0 };
      found.products += one.sum * other.sum;
      found.sumsBySizes += one.sum * other.size;
      found.sizesBySums += one.size * other.sum;
      found.sizes += one.size * other.size;
      sums.shared.set(key, found);
    }
  }
}

/**
 * Every two groups' difference of means with the cluster-robust interval of Welch (1947, degrees of freedom after
 * Satterthwaite 1946), each at 1 - 5 % / pairs (Bonferroni), so that with 95 % all of them hold at once. Clusters that
 * have rows of both groups enter by their covariance, and then count as pairs: with the fewer degrees of freedom of the
 * two. `range` is that of the values' scale: with it neither a group's error nor a difference's is below `leastError`.
 *
 * `reach` needs no such correction: that all gaps are below their reach, and so the widest, is shown where each is
 * (intersection-union, Berger 1982).
 */
export function groupGaps(sums: GroupSums, range = 0): Gap[] {
  const names = [...sums.groups.keys()].sort();
  const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const));
  const confidence = 1 - (1 - CONFIDENCE) / Math.max(1, pairs.length);
  return pairs.flatMap(([one, other]) => gapBetween(sums, [one, other], confidence, range) ?? []);
}

function gapBetween(
  sums: GroupSums,
  [one, other]: readonly [string, string],
  confidence: number,
  range: number,
): Gap | undefined {
  const [a, b] = [sums.groups.get(one), sums.groups.get(other)];
  const [first, second] = [a && spreadMean(a, range), b && spreadMean(b, range)];
  if (!a || !b || !first || !second) return undefined;
  const difference = first.mean - second.mean;
  const isShared = sums.shared.has(pairKey(one, other));
  const least = isShared ? leastError(Math.min(a.clusters, b.clusters), range) : 0;
  const error = errorOf(first, second, covariance(sums, one, other, [a, b]), least);
  const degrees = degreesOf(first, second, isShared);
  const value = Math.abs(difference);
  const half = error && criticalT(confidence, degrees) * error;
  return {
    between: difference >= 0 ? [one, other] : [other, one],
    value,
    interval: half === undefined ? undefined : { low: value - half, high: value + half },
    reach: error === undefined ? undefined : value + (error && criticalT(CONFIDENCE, degrees) * error),
  };
}

function spreadMean(sums: ClusterSums, range: number): ClusterMean | undefined {
  const found = clusterMean(sums);
  if (found?.standardError === undefined) return found;
  return { ...found, standardError: Math.max(found.standardError, leastError(sums.clusters, range)) };
}

/** Of the difference of two means; undefined where either says nothing of its spread. */
function errorOf(first: ClusterMean, second: ClusterMean, shared: number, least: number): number | undefined {
  if (first.standardError === undefined || second.standardError === undefined) return undefined;
  const variance = first.standardError ** 2 + second.standardError ** 2 - 2 * shared;
  return Math.max(least, Math.sqrt(Math.max(0, variance)));
}

function degreesOf(first: ClusterMean, second: ClusterMean, isShared: boolean): number {
  const [a, b] = [(first.standardError ?? 0) ** 2, (second.standardError ?? 0) ** 2];
  if (isShared) return Math.min(first.degrees, second.degrees);
  return (a + b) ** 2 / (a ** 2 / first.degrees + b ** 2 / second.degrees);
}

function covariance(sums: GroupSums, one: string, other: string, [a, b]: [ClusterSums, ClusterSums]): number {
  const found = sums.shared.get(pairKey(one, other));
  if (!found) return 0;
  const [meanA, meanB] = [a.sum / a.values, b.sum / b.values];
  const products =
    found.products - meanB * found.sumsBySizes - meanA * found.sizesBySums + meanA * meanB * found.sizes;
  const correction = Math.sqrt((a.clusters / (a.clusters - 1)) * (b.clusters / (b.clusters - 1)));
  return (correction * products) / (a.values * b.values);
}

function pairKey(one: string, other: string): string {
  return JSON.stringify([one, other]);
}
