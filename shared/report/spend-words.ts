import { formatMetric } from "../model/format-metric.ts";
import type { Spend } from "../model/budget.ts";

/**
 * What a run used up, as people read it: `12,345 tokens, $0.0123, judges included`. Names the models whose price is not
 * known, whose share the sum lacks.
 */
export function spendWords({ inputTokens, outputTokens, cost, unpriced, embeddings }: Spend): string {
  const tokens = `${(inputTokens + outputTokens).toLocaleString("en-US")} tokens`;
  const embedded = embeddings > 0 ? ` and ${embeddings.toLocaleString("en-US")} calls that embed` : "";
  const money = formatMetric("cost", "mean", cost);
  if (unpriced.length === 0) return `${tokens}, ${money}, judges${embedded} included`;
  const known = cost > 0 ? `, ${money} and what` : "; what";
  return `${tokens}, judges${embedded} included${known} ${unpriced.join(", ")} cost${unpriced.length === 1 ? "s" : ""} is not known`;
}
