import type { MetricSummary, RequirementResult } from "../model/run.ts";
import { allowedOf } from "./holds-against.ts";
import { criticalDefect, rateLimit } from "./judge-safety.ts";
import type { FactsOf } from "./metric-facts.ts";

/**
 * The results of a run that a budget cut short: a safety metric that fails on the rows answered so far fails for good
 * only where the others cannot help, by a critical defect or by more defects than all rows together may have. Else
 * the few rows first answered would decide for good. `planned` is the most rows that the metric can come to.
 */
export function openUnfinished(
  results: readonly RequirementResult[],
  candidate: readonly MetricSummary[],
  factsOf: FactsOf,
  planned: number,
): RequirementResult[] {
  return results.map((result) => {
    const { safety, withheld } = factsOf(result.metric);
    if (!safety || withheld !== undefined || result.outcome !== "fail") return result;
    const measured = candidate.find(({ metric }) => metric === result.metric);
    if (criticalDefect(safety, measured) !== undefined) return result;
    if (measured && isBeyondHelp(result, measured, planned)) return result;
    const open = "The run ended before its rows were in, and the others may yet change this.";
    return { ...result, outcome: "inconclusive", reason: `${result.reason} ${open}` };
  });
}

function isBeyondHelp(
  { kind, statistic, comparison, limit }: RequirementResult,
  { defects }: MetricSummary,
  planned: number,
): boolean {
  if (kind === "relative" || limit === null) return false;
  const rate = rateLimit(statistic, { comparison, value: limit });
  if (rate !== undefined) return defects > allowedOf(rate, planned);
  // Neither a count of defects nor the worst row can come down again.
  return comparison === "<=" && (statistic === "defects" || statistic === "max");
}
