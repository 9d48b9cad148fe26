import { type ClusterSums, clusterMean } from "./cluster-sums.ts";
import { type Interval, NORMAL_QUANTILE as z } from "./interval.ts";

/** A mean as people would give it, from many predictions and few labels. */
export interface PoweredMean {
  value: number;
  /** 95 %; undefined where fewer than two clusters were predicted or labelled. */
  interval: Interval | undefined;
}

/**
 * Prediction-powered inference of a mean (Angelopoulos et al. 2023, Science 382:669, algorithm 1): the mean of the
 * predictions, put right by how far predictions miss the labels where there are both: θ = f̄ - (f - Y)¯, with the
 * interval θ ± z · √(SE_f² + SE_{f-Y}²), both errors cluster-robust. `predictions` are of all rows, `misses` are
 * prediction minus label. Right however bad the predictions are, as long as what is labelled was chosen at random.
 */
export function predictionPoweredMean(
  predictions: ClusterSums,
  misses: ClusterSums,
): PoweredMean | undefined {
  const predicted = clusterMean(predictions);
  const missed = clusterMean(misses);
  if (!predicted || !missed) return undefined;
  const value = predicted.mean - missed.mean;
  if (predicted.standardError === undefined || missed.standardError === undefined) {
    return { value, interval: undefined };
  }
  const half = z * Math.hypot(predicted.standardError, missed.standardError);
  return { value, interval: { low: value - half, high: value + half } };
}
