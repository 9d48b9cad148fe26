import type { GateRequirement } from "../model/flow.ts";
import { formatDistance } from "../model/format-difference.ts";
import { formatAgainst, formatMetric, metricWords } from "../model/format-metric.ts";
import type { MetricSummary, RequirementResult } from "../model/run.ts";
import { holdsAgainst } from "./holds-against.ts";
import { isLowerBetter } from "./lower-is-better.ts";
import { measuredValue } from "./measured-value.ts";

/**
 * One requirement against the baseline (usually the version in production), on the same rows of the same suite. Where
 * there is no baseline nothing can be worse than it, but what is gated must still be measured on every row.
 */
export function judgeRelative(
  requirement: GateRequirement,
  margin: NonNullable<GateRequirement["noWorseThan"]>,
  candidate: MetricSummary | undefined,
  baseline: { summary: MetricSummary | undefined; name: string } | undefined,
): RequirementResult {
  const { metric, statistic } = requirement;
  const value = measuredValue(candidate, statistic);
  const production = measuredValue(baseline?.summary, statistic);
  const lowerIsBetter = isLowerBetter(requirement);
  const comparison = lowerIsBetter ? "<=" : ">=";
  const label = metricWords(metric, statistic);
  const result = (
    outcome: RequirementResult["outcome"],
    limit: number | null,
    reason: string,
  ): RequirementResult => ({
    metric,
    statistic,
    kind: "relative",
    outcome,
    value,
    baseline: production,
    comparison,
    limit,
    reason,
  });

  if (value === null) return result("inconclusive", null, `${label} has no value on any row.`);
  if (baseline === undefined) {
    return candidate && candidate.missing > 0
      ? result(
          "inconclusive",
          null,
          `${candidate.missing} of ${candidate.rows} rows have no value for ${metric}.`,
        )
      : result("pass", null, `${label} has no earlier version to be worse than.`);
  }
  if (production === null) {
    const message = `${label} has no value for ${baseline.name}, so the two cannot be compared.`;
    return result("inconclusive", null, message);
  }
  const loss = "absolute" in margin ? margin.absolute : Math.abs(production) * margin.relative;
  const limit = lowerIsBetter ? production + loss : production - loss;
  const missing = (candidate?.missing ?? 0) + (baseline.summary?.missing ?? 0);
  if (missing > 0) {
    return result(
      "inconclusive",
      limit,
      `${missing} values of ${metric} are missing, so the two cannot be compared.`,
    );
  }
  const size = Math.max(Math.abs(value), Math.abs(production), loss);
  const holds = holdsAgainst(value, comparison, limit, size);
  const shown = formatAgainst(metric, statistic, value, limit);
  const has = formatMetric(metric, statistic, production);
  const against = `${comparison} ${shown.limit}: ${baseline.name} has ${has}, and ${formatDistance(metric, statistic, loss)} worse is accepted`;
  return holds
    ? result("pass", limit, `${label} is ${shown.value}, as needed ${against}.`)
    : result("fail", limit, `${label} is ${shown.value}, needs ${against}.`);
}
