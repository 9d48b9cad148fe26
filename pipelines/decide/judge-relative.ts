import type { GateRequirement } from "../../shared/model/flow.ts";
import { formatAgainst, formatMetric, metricWords } from "../../shared/model/format-metric.ts";
import type { MetricSummary, RequirementResult } from "../../shared/model/run.ts";
import { isLowerBetter } from "./lower-is-better.ts";
import { measuredValue } from "./measured-value.ts";

/** One requirement against the version in production, on the same rows of the same suite. */
export function judgeRelative(
  { metric, statistic }: GateRequirement,
  margin: NonNullable<GateRequirement["noWorseThan"]>,
  candidate: MetricSummary | undefined,
  baseline: MetricSummary | undefined,
): RequirementResult {
  const value = measuredValue(candidate, statistic);
  const production = measuredValue(baseline, statistic);
  const lowerIsBetter = isLowerBetter(metric, statistic);
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

  if (value === null || production === null) {
    const which = value === null ? "this version" : "the version in production";
    return result("inconclusive", null, `${label} has no value for ${which}, so the two cannot be compared.`);
  }
  const loss = "absolute" in margin ? margin.absolute : Math.abs(production) * margin.relative;
  const limit = lowerIsBetter ? production + loss : production - loss;
  const missing = (candidate?.missing ?? 0) + (baseline?.missing ?? 0);
  if (missing > 0) {
    return result(
      "inconclusive",
      limit,
      `${missing} values of ${metric} are missing, so the two cannot be compared.`,
    );
  }
  const holds = lowerIsBetter ? value <= limit : value >= limit;
  const shown = formatAgainst(metric, statistic, value, limit);
  const has = formatMetric(metric, statistic, production);
  const against = `${comparison} ${shown.limit}: production has ${has}, and ${formatMetric(metric, statistic, loss)} worse is accepted`;
  return holds
    ? result("pass", limit, `${label} is ${shown.value}, as needed ${against}.`)
    : result("fail", limit, `${label} is ${shown.value}, needs ${against}.`);
}
