import type { TokenUsage } from "../ports/chat-model.ts";
import { costOf, type PriceList } from "./prices.ts";

/** One call of the chat model within a turn. */
export interface TurnCall {
  /** The step that made it. */
  step: string;
  /** As the service named it. */
  model: string;
  usage: TokenUsage | undefined;
  latencyMs: number;
}

/** The tokens of several calls; undefined where those of one are unknown. */
export function addUsage(usages: readonly (TokenUsage | undefined)[]): TokenUsage | undefined {
  return usages.reduce(
    (sum, usage) =>
      sum && usage
        ? {
            inputTokens: sum.inputTokens + usage.inputTokens,
            outputTokens: sum.outputTokens + usage.outputTokens,
          }
        : undefined,
    { inputTokens: 0, outputTokens: 0 },
  );
}

/** US dollars for several calls; undefined where the price or the tokens of one are unknown. */
export function addCosts(
  calls: readonly { model: string; usage: TokenUsage | undefined }[],
  prices: PriceList | undefined,
): number | undefined {
  return calls.reduce<number | undefined>((sum, { model, usage }) => {
    const cost = usage === undefined ? undefined : costOf(model, usage, prices);
    return sum === undefined || cost === undefined ? undefined : sum + cost;
  }, 0);
}
