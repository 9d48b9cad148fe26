/** What an estimate's true value is between with the stated confidence, in the estimate's own unit. */
export interface Interval {
  low: number;
  high: number;
}

export const CONFIDENCE = 0.95;
/** The normal quantile that belongs to it, at 0.975. */
export const NORMAL_QUANTILE = 1.959963984540054;
