/** The most that may be spent on model calls; undefined is no limit. Cost in US dollars. */
export interface Budget {
  tokens?: number | undefined;
  cost?: number | undefined;
}

/** What model calls used up. */
export interface Spend {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** US dollars, of the calls whose price is known. */
  cost: number;
  /** Models whose price is not known, so that `cost` is too low. */
  unpriced: string[];
}
