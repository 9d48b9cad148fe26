import { regularizedBeta } from "./regularized-beta.ts";

/**
 * The probability that Student's t with `degrees` > 0 of freedom is farther from 0 than `t`: I_x(degrees / 2, 1 / 2)
 * at x = degrees / (degrees + t²) (Abramowitz and Stegun 26.7.1 with 26.5.27).
 */
export function twoSidedT(t: number, degrees: number): number {
  return regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The t that is exceeded, on both sides together, with probability 1 - `confidence`; 0 < confidence < 1. */
export function criticalT(confidence: number, degrees: number): number {
  const outside = 1 - confidence;
  let high = 1;
  while (twoSidedT(high, degrees) > outside) high *= 2;
  let low = high === 1 ? 0 : high / 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (twoSidedT(middle, degrees) > outside) low = middle;
    else high = middle;
  }
}

/** The probability that Student's t with `degrees` > 0 of freedom is above `t`. */
export function aboveT(t: number, degrees: number): number {
  const outside = twoSidedT(t, degrees) / 2;
  return t > 0 ? outside : 1 - outside;
}
