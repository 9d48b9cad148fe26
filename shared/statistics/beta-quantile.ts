import { regularizedBeta } from "./regularized-beta.ts";

/** The x at which the regularized incomplete beta function I_x(a, b) is `p`, by bisection; a, b > 0, 0 < p < 1. */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (regularizedBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
}
