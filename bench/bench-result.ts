/** What a bench found. `bound`: what limits the figure, in words; `measured`: how much was counted. */
export interface BenchResult {
  figures: Record<string, { value: number; bound: string }>;
  measured: string;
}

/** Rounded to two decimals, as figures are printed. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
