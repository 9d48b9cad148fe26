import { logMeanExp } from "./log-mean-exp.ts";

const FACTORS = [1.25, 1.5, 2, 3, 5, 10, 30];
/** By what the odds of the canary could be off, either way. */
const ODDS = [...FACTORS, ...FACTORS.map((factor) => 1 / factor)];

/**
 * The logarithm of the evidence that sessions do not divide as the weight says, either way: a mixture of likelihood
 * ratios over the odds, valid at whatever moment one looks (as in `firstDefectEvidence`).
 */
export function splitEvidence(canary: number, stable: number, weight: number): number {
  return logMeanExp(
    ODDS.map((odds) => {
      const claimed = (weight * odds) / (weight * odds + 1 - weight);
      return canary * Math.log(claimed / weight) + stable * Math.log((1 - claimed) / (1 - weight));
    }),
  );
}
