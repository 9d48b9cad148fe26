/** The most that may be spent on model calls; undefined is no limit. Cost in US dollars. */
export interface Budget {
  tokens?: number | undefined;
  cost?: number | undefined;
}

/** What model calls used up. */
export interface Spend {
  /** Chat calls that the service answered. */
  calls: number;
  /** Chat calls that were made and failed, retries included: nothing is known of their tokens. */
  failed: number;
  /** Calls of the embedding model; their tokens are input tokens. */
  embeddings: number;
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
  /** Models it will call whose price is not known; absent where there is none. */
  unpriced?: string[] | undefined;
  /** What it goes by: what earlier runs of the flow used, or the lengths of prompts and rows. */
  from: "recorded" | "lengths";
}
