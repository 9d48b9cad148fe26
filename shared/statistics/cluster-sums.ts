import { CONFIDENCE, type Interval } from "./interval.ts";
import { criticalT } from "./student-t.ts";

/**
 * All that a cluster-robust mean needs of its values, in constant memory and plain JSON. Values are kept relative to
 * the first one, so that equal values have no spread at all and large ones lose no digits.
 */
export interface ClusterSums {
  clusters: number;
  values: number;
  /** Values of the largest cluster. */
  largest: number;
  origin: number;
  sum: number;
  /** Over clusters: squares of their sums, of their sizes, and the products of both. */
  squaredSums: number;
  squaredSizes: number;
  products: number;
}

export interface ClusterMean {
  mean: number;
  /** Undefined for fewer than two clusters, which say nothing about their spread. */
  standardError: number | undefined;
  degrees: number;
}

export function emptyClusterSums(): ClusterSums {
  return {
    clusters: 0,
    values: 0,
    largest: 0,
    origin: 0,
    sum: 0,
    squaredSums: 0,
    squaredSizes: 0,
    products: 0,
  };
}

/** Adds one cluster (rows of one conversation or document) to the sums. One without values is none. */
export function addCluster(sums: ClusterSums, values: readonly number[]): void {
  if (values.length === 0) return;
  if (sums.values === 0) sums.origin = values[0] ?? 0;
  const sum = values.reduce((total, value) => total + (value - sums.origin), 0);
  sums.clusters += 1;
  sums.values += values.length;
  sums.largest = Math.max(sums.largest, values.length);
  sums.sum += sum;
  sums.squaredSums += sum * sum;
  sums.squaredSizes += values.length ** 2;
  sums.products += sum * values.length;
}

/**
 * The mean over all values and its cluster-robust standard error: SE² = G/(G-1) / N² Σ_g (Σ_{i in g} (d_i - d̄))² with
 * G - 1 degrees of freedom (Liang and Zeger 1986; Cameron and Miller 2015, of a mean). Undefined without values.
 */
export function clusterMean(sums: ClusterSums): ClusterMean | undefined {
  const { clusters, values, sum } = sums;
  if (values === 0) return undefined;
  const relative = sum / values;
  const squares = sums.squaredSums - 2 * relative * sums.products + relative ** 2 * sums.squaredSizes;
  return {
    mean: sums.origin + relative,
    standardError:
      clusters < 2
        ? undefined
        : Math.sqrt(((clusters / (clusters - 1)) * Math.max(0, squares)) / values ** 2),
    degrees: clusters - 1,
  };
}

/** The 95 % interval mean ± t · SE of a mean, or of a mean difference where the values are differences of pairs. */
export function clusterInterval(sums: ClusterSums): Interval | undefined {
  const found = clusterMean(sums);
  if (found?.standardError === undefined) return undefined;
  const half = criticalT(CONFIDENCE, found.degrees) * found.standardError;
  return { low: found.mean - half, high: found.mean + half };
}
