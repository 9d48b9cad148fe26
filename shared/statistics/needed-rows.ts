import { normalQuantile } from "./normal-quantile.ts";

/**
 * The rows with which a loss of `margin` is ruled out with probability `power` where there is none, at one-sided level
 * `alpha`: n = (z_{1-alpha} + z_{power})² s² / margin² (Julious 2004, non-inferiority of paired means). `deviation` is
 * the standard deviation of the differences between the pairs, in the margin's unit; margin > 0.
 */
export function neededRows(deviation: number, margin: number, alpha = 0.05, power = 0.8): number {
  const z = normalQuantile(1 - alpha) + normalQuantile(power);
  return Math.ceil(((z * deviation) / margin) ** 2);
}
