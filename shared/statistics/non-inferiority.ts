import { addCluster, type ClusterSums, clusterMean } from "./cluster-sums.ts";
import { aboveT } from "./student-t.ts";

/**
 * The one-sided p-value of "the mean is 0 or below" by the cluster-robust t-test. The values are differences with the
 * accepted loss already added, so that a small p shows the candidate to be worse by less than that loss.
 *
 * `worst` is the least value a row can have. Where it is given, one cluster of that value, as large as the largest, is
 * counted in: without it, a few clusters that happen to agree have so little spread that t passes rare losses far more
 * often than it says (the bound of Gaffke 2005 adds the same value). Undefined where there is no spread to compare with.
 */
export function nonInferiorityPValue(sums: ClusterSums, worst?: number): number | undefined {
  const padded = { ...sums };
  if (worst !== undefined) {
    addCluster(
      padded,
      Array.from({ length: Math.max(1, sums.largest) }, () => worst),
    );
  }
  const found = clusterMean(padded);
  if (found?.standardError === undefined || found.standardError === 0) return undefined;
  return aboveT(found.mean / found.standardError, found.degrees);
}
