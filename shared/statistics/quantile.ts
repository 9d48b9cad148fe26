/**
 * The p-quantile of values, 0 <= p <= 1, by linear interpolation between order statistics (Hyndman and Fan 1996,
 * definition 7, the default of R and NumPy). `sorted` must be ascending. Null where there are no values.
 */
export function quantile(sorted: ArrayLike<number>, p: number): number | null {
  if (sorted.length === 0) return null;
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const lower = sorted[below] ?? 0;
  const upper = sorted[below + 1] ?? lower;
  return lower + (upper - lower) * (position - below);
}
