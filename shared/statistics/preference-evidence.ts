import { logMeanExp } from "./log-mean-exp.ts";

/** How much of what could be staked is staked on each value; fixed, so that values may come in any order. */
const STAKES = [0.1, 0.25, 0.5, 0.75];

/**
 * Logarithms of the evidence that the mean of values from 0 to 1 is above, and that it is below `bound` (above 0, below
 * 1): mixtures of constant bets, valid at whatever moment one looks (Waudby-Smith and Ramdas 2024, section 4).
 */
export function preferenceEvidence(
  values: readonly number[],
  bound: number,
): { above: number; below: number } {
  const bet = (largest: number): number =>
    logMeanExp(
      STAKES.map((stake) =>
        values.reduce((sum, value) => sum + Math.log(1 + stake * largest * (value - bound)), 0),
      ),
    );
  return { above: bet(1 / bound), below: bet(-1 / (1 - bound)) };
}
