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

/** What a run will take, said before it starts. `cost` in US dollars; undefined where a price is not known. */
export interface RunEstimate {
  calls: number;
  tokens: number;
  cost: number | undefined;
  /** What it goes by: what earlier runs of the flow used, or the lengths of prompts and rows. */
  from: "recorded" | "lengths";
}
