import type { GateRequirement } from "../model/flow.ts";
import { formatAgainst, metricWords } from "../model/format-metric.ts";
import type { MetricSummary, RequirementResult } from "../model/run.ts";
import { allowedOf, holdsAgainst, otherShare } from "./holds-against.ts";
import { measuredValue } from "./measured-value.ts";

const UNKNOWN_PRICE =
  "The model's price is unknown: give it in FLOWGATE_PRICES (docs/settings.md), or take cost out of the gate.";

/** One requirement against its threshold. */
export function judgeAbsolute(
  requirement: GateRequirement,
  threshold: NonNullable<GateRequirement["threshold"]>,
  candidate: MetricSummary | undefined,
  baseline: MetricSummary | undefined,
): RequirementResult {
  const { metric, statistic } = requirement;
  const { comparison, value: limit } = threshold;
  const value = measuredValue(candidate, statistic);
  const label = metricWords(metric, statistic);
  const { value: shown, limit: shownLimit } = formatAgainst(metric, statistic, value, limit);
  const needed = `${comparison} ${shownLimit}`;
  const result = (outcome: RequirementResult["outcome"], reason: string): RequirementResult => ({
    metric,
    statistic,
    kind: "absolute",
    outcome,
    value,
    baseline: measuredValue(baseline, statistic),
    comparison,
    limit,
    reason,
  });

  if (!candidate || value === null) {
    const remedy = metric === "cost" ? ` ${UNKNOWN_PRICE}` : "";
    return result("inconclusive", `${label} has no value on any row, so it cannot be ${needed}.${remedy}`);
  }
  const holds = holdsAgainst(value, comparison, limit);
  if (candidate.missing > 0) {
    const missing = `${candidate.missing} of ${candidate.rows} rows have no value for ${metric}`;
    if (!holds && failsAtBest(requirement, threshold, candidate)) {
      return result(
        "fail",
        `${label} is ${shown}, needs ${needed}; ${missing}, and even the best values there would not do.`,
      );
    }
    return result(
      "inconclusive",
      `${missing}: ${label} is ${shown} on the others, but what is missing is no pass.`,
    );
  }
  return holds
    ? result("pass", `${label} is ${shown}, as needed: ${needed}.`)
    : result("fail", `${label} is ${shown}, needs ${needed}.`);
}

/**
 * Whether the requirement fails whatever the missing rows would have said. Known for the statistics that count rows;
 * for the others the bounds of the scale would be needed, so nothing is claimed.
 */
function failsAtBest(
  { statistic }: GateRequirement,
  { comparison, value: limit }: NonNullable<GateRequirement["threshold"]>,
  summary: MetricSummary,
): boolean {
  if (statistic === "defects" && comparison === "<=") return summary.defects > limit;
  if (statistic === "passRate" && comparison === ">=") {
    return summary.defects > allowedOf(otherShare(limit), summary.rows);
  }
  if (statistic === "max" && comparison === "<=") return !holdsAgainst(summary.max ?? 0, comparison, limit);
  return false;
}
