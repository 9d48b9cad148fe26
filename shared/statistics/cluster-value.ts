/**
 * What a cluster of rows enters a bet as: u = m + Σ (y_i - m) / M, for values y_i in [0, 1], the mean m in question and
 * the size M of the largest cluster, fixed in advance. It lies in [0, 1], and the mean of u over all clusters is above
 * m exactly where the mean of y over all rows is.
 */
export function clusterValue(values: readonly number[], m: number, largest: number): number {
  const sum = values.reduce((total, value) => total + (value - m), 0);
  return Math.min(1, Math.max(0, m + sum / largest));
}
