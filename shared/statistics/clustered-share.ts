import { type ClusterSums, clusterMean } from "./cluster-sums.ts";
import type { Interval } from "./interval.ts";
import { wilsonInterval } from "./wilson-interval.ts";

/**
 * The 95 % interval of a share of rows that come in clusters: Wilson's at the effective number of rows, share · (1 -
 * share) / SE² with the cluster-robust SE (Korn and Graubard 1998), never more than there are rows. `sums` hold a 1
 * for each row that counts and a 0 for each other. Where all rows agree, each cluster counts as one row.
 */
export function clusteredShareInterval(sums: ClusterSums): Interval | undefined {
  const found = clusterMean(sums);
  if (!found) return undefined;
  const share = found.mean;
  if (sums.clusters === sums.values) return wilsonInterval(Math.round(share * sums.values), sums.values);
  const variance = (found.standardError ?? 0) ** 2;
  const effective = variance === 0 ? sums.clusters : Math.min(sums.values, (share * (1 - share)) / variance);
  return wilsonInterval(share * effective, effective);
}
