import { addCluster, type ClusterMean, clusterMean, type ClusterSums } from "./cluster-sums.ts";
import { CONFIDENCE, type Interval } from "./interval.ts";
import { criticalT } from "./student-t.ts";

/** A mean as people would give it, from many predictions and few labels. */
export interface PoweredMean {
  value: number;
  /** 95 %; undefined with fewer than 30 labelled clusters, or fewer than two predicted ones. */
  interval: Interval | undefined;
}

/** Fewer show too little of how a judge errs for any interval to hold what it says. */
const LEAST_LABELLED = 30;

/**
 * Prediction-powered inference of a mean (Angelopoulos et al. 2023, Science 382:669, algorithm 1): the mean of the
 * predictions, put right by how far predictions miss the labels where there are both: θ = f̄ - (f - Y)¯, with the
 * interval θ ± t · √(SE_f² + SE_{f-Y}²), both errors cluster-robust, with Satterthwaite's degrees of freedom.
 * `predictions` are of all rows, `misses` are prediction minus label. Right however bad the predictions are, as long as
 * what is labelled was chosen at random. `range` is that of the scale: where it is given, the misses' error is that with
 * one miss of the whole scale counted in, as a judge who seldom errs has shown none in a few labels.
 */
export function predictionPoweredMean(
  predictions: ClusterSums,
  misses: ClusterSums,
  range = 0,
): PoweredMean | undefined {
  const predicted = clusterMean(predictions);
  const missed = clusterMean(misses);
  if (!predicted || !missed) return undefined;
  const value = predicted.mean - missed.mean;
  if (misses.clusters < LEAST_LABELLED || predicted.standardError === undefined) {
    return { value, interval: undefined };
  }
  const [a, b] = [predicted.standardError ** 2, errorOfMisses(misses, missed, range) ** 2];
  if (a + b === 0) return { value, interval: { low: value, high: value } };
  const degrees = (a + b) ** 2 / (a ** 2 / predicted.degrees + b ** 2 / missed.degrees);
  const half = criticalT(CONFIDENCE, degrees) * Math.sqrt(a + b);
  return { value, interval: { low: value - half, high: value + half } };
}

function errorOfMisses(misses: ClusterSums, { standardError = 0 }: ClusterMean, range: number): number {
  if (range === 0 || !Number.isFinite(range)) return standardError;
  const padded = [range, -range].map((miss) => {
    const sums = { ...misses };
    addCluster(sums, [miss]);
    return clusterMean(sums)?.standardError ?? 0;
  });
  return Math.max(standardError, ...padded);
}
