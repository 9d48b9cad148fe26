import { logMeanExp } from "./log-mean-exp.ts";

const BETTORS = 16;
const LEAST = 0.01;
const MOST = 0.95;
/** The shares of their capital that the bettors risk, on a logarithmic scale. */
const SHARES = Array.from({ length: BETTORS }, (_, k) => LEAST * (MOST / LEAST) ** (k / (BETTORS - 1)));
/** Sums that differ by less are equal: two orders above what adding 100,000 values loses. */
const TOLERANCE = 1e-9;

/** A bet on a mean being above `mean`, as far as it has come. Plain JSON. */
export interface Bet {
  /** What the mean is said not to be above; may lie outside [0, 1]. */
  mean: number;
  /** How many values there are in all, drawn without replacement; null where they are independent draws. */
  size: number | null;
  drawn: number;
  sum: number;
  /** What rounding took from `sum` (Neumaier 1974). */
  lost: number;
  /** Logarithms of each bettor's capital, which starts at 1. */
  capital: number[];
  /** The logarithm of the largest mean capital so far. */
  best: number;
  /** The values drawn settle it, whatever the others are. */
  certain: boolean;
}

export function createBet(mean: number, size: number | null): Bet {
  const capital = SHARES.map(() => 0);
  return { mean, size, drawn: 0, sum: 0, lost: 0, capital, best: 0, certain: mean < -TOLERANCE };
}

/**
 * Draws the next value, in [0, 1]. The capital of the bettors is an e-process under "the mean is at most `mean`", so
 * that it ever exceeds 1/p with probability at most p: betting, with and without replacement, by Waudby-Smith and
 * Ramdas 2024 (Estimating means of bounded random variables by betting, section 5), mixed over a grid of bets.
 */
export function drawValue(bet: Bet, value: number): void {
  const left = bet.size === null ? 1 : bet.size - bet.drawn;
  const open = bet.size === null ? bet.mean : bet.size * bet.mean - (bet.sum + bet.lost);
  // What mean the values not yet drawn would have if the whole mean were `mean`.
  const expected = open / left;
  if (open > TOLERANCE) {
    const gain = value / expected - 1;
    for (let k = 0; k < BETTORS; k += 1) {
      bet.capital[k] = (bet.capital[k] ?? 0) + Math.log(1 + (SHARES[k] ?? 0) * gain);
    }
    bet.best = Math.max(bet.best, logMeanExp(bet.capital));
  }
  addTo(bet, value);
  bet.drawn += 1;
  // Independent draws never run out, but any value above 0 refutes a mean of 0.
  if (bet.size === null ? open <= TOLERANCE && value > TOLERANCE : open - value < -TOLERANCE) {
    bet.certain = true;
  }
}

/** The p-value of "the mean is at most `mean`", valid whenever one stops. */
export function betPValue({ certain, best }: Bet): number {
  return certain ? 0 : Math.exp(-best);
}

function addTo(bet: Bet, value: number): void {
  const sum = bet.sum + value;
  bet.lost += Math.abs(bet.sum) >= Math.abs(value) ? bet.sum - sum + value : value - sum + bet.sum;
  bet.sum = sum;
}
