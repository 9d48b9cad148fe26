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
 * have rows of both groups enter by their covariance. `range` is that of the values' scale: with it no group's error is
 * below `leastError`.
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
  const half = halfWidth(first, second, covariance(sums, one, other, [a, b]), confidence);
  const interval = half === undefined ? undefined : { low: difference - half, high: difference + half };
  if (difference >= 0) return { between: [one, other], value: difference, interval };
  return {
    between: [other, one],
    value: -difference,
    interval: interval && { low: -interval.high, high: -interval.low },
  };
}

function spreadMean(sums: ClusterSums, range: number): ClusterMean | undefined {
  const found = clusterMean(sums);
  if (found?.standardError === undefined) return found;
  return { ...found, standardError: Math.max(found.standardError, leastError(sums.clusters, range)) };
}

function halfWidth(
  first: ClusterMean,
  second: ClusterMean,
  shared: number,
  confidence: number,
): number | undefined {
  if (first.standardError === undefined || second.standardError === undefined) return undefined;
  const [a, b] = [first.standardError ** 2, second.standardError ** 2];
  if (a + b === 0) return 0;
  const degrees = (a + b) ** 2 / (a ** 2 / first.degrees + b ** 2 / second.degrees);
  return criticalT(confidence, degrees) * Math.sqrt(Math.max(0, a + b - 2 * shared));
}

function covariance(sums: GroupSums, one: string, other: string, [a, b]: [ClusterSums, ClusterSums]): number {
  const found = sums.shared.get(pairKey(one, other));
  if (!found || a.clusters < 2 || b.clusters < 2) return 0;
  const [meanA, meanB] = [a.sum / a.values, b.sum / b.values];
  const products =
    found.products - meanB * found.sumsBySizes - meanA * found.sizesBySums + meanA * meanB * found.sizes;
  const correction = Math.sqrt((a.clusters / (a.clusters - 1)) * (b.clusters / (b.clusters - 1)));
  return (correction * products) / (a.values * b.values);
}

function pairKey(one: string, other: string): string {
  return JSON.stringify([one, other]);
}
