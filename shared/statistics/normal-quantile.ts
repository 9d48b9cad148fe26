/**
 * The z that a standard normal variable stays below with probability `p`; 0 < p < 1. By bisection of the distribution
 * function, which is the series of Abramowitz and Stegun 26.2.11.
 */
export function normalQuantile(p: number): number {
  let low = -9;
  let high = 9;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (normalBelow(middle) < p) low = middle;
    else high = middle;
  }
}

function normalBelow(x: number): number {
  let term = x;
  let sum = x;
  for (let index = 1; sum + term !== sum; index += 1) {
    term *= (x * x) / (2 * index + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-(x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
