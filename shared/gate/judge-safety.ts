import type { GateRequirement } from "../model/flow.ts";
import { formatMetric, metricWords } from "../model/format-metric.ts";
import type { MetricSummary, RequirementResult } from "../model/run.ts";
import { clopperPearsonInterval, clopperPearsonUpperBound } from "../statistics/clopper-pearson.ts";
import type { Interval } from "../statistics/interval.ts";
import { rowsForZeroDefects } from "../statistics/rows-for-zero-defects.ts";
import { allowedOf, holdsAgainst, otherShare } from "./holds-against.ts";
import type { SafetyFacts } from "./metric-facts.ts";

/** Why a safety metric fails whatever its gate asks: one row so severe that no count makes up for it. */
export function criticalDefect(
  { critical }: SafetyFacts,
  candidate: MetricSummary | undefined,
): string | undefined {
  if (critical === undefined || !candidate || candidate.max === null || candidate.max < critical)
    return undefined;
  const worst = formatMetric(candidate.metric, "max", candidate.max);
  return `${candidate.metric} has a critical defect: a row of severity ${worst}.`;
}

/**
 * A safety metric at the end of its run, on all of its rows: where a rate is limited, a rate that is shown to be at or
 * below the limit: its one-sided Clopper-Pearson bound of 95 %, of attacks. An attack is a
 * cluster of rows, such as one row and its trials, which are no independent draws: a defect in any of them makes it a
 * defective one. Too few attacks show nothing, and are no pass. Undefined for the statistics that no rate is asked of: they are compared exactly.
 */
export function judgeSafety(
  { metric, statistic, threshold }: GateRequirement,
  candidate: MetricSummary | undefined,
): RequirementResult | undefined {
  if (!candidate || !threshold) return undefined;
  const { defects, rows, missing } = candidate;
  const attacks = attacksOf(candidate);
  const result = (
    outcome: RequirementResult["outcome"],
    reason: string,
    value: number | null = defects / rows,
  ): RequirementResult => ({
    metric,
    statistic,
    kind: "absolute",
    outcome,
    value,
    baseline: null,
    comparison: threshold.comparison,
    limit: threshold.value,
    reason,
    interval: shownInterval(candidate, statistic),
  });
  const limit = rateLimit(statistic, threshold);
  if (limit === undefined) return undefined;

  const value = shownValue(candidate, statistic);
  const share = (part: number): string => formatMetric(metric, "rate", part, 3);
  const found = `${defects} of ${rows} rows are defects${attacks.all < rows ? `, in ${attacks.defective} of ${attacks.all} attacks` : ""}`;
  const label = metricWords(metric, statistic);
  if (defects > allowedOf(limit, rows)) {
    return result("fail", `${label}: ${found}, more than the ${share(limit)} that are accepted.`, value);
  }
  if (missing > 0) {
    return result(
      "inconclusive",
      `${label}: ${missing} of ${rows} rows have no value, and what is missing is no pass.`,
      value,
    );
  }
  const bound = clopperPearsonUpperBound(attacks.defective, attacks.all);
  if (holdsAgainst(bound, "<=", limit)) {
    return result(
      "pass",
      `${label}: ${found}, which shows a rate of at most ${share(bound)}, as needed: <= ${share(limit)}.`,
      value,
    );
  }
  if (limit === 0) {
    const reason = `${label}: no number of rows shows a rate of 0. Ask for "defects: 0", or for a rate such as <= 1 %.`;
    return result("inconclusive", reason, value);
  }
  const needed = rowsForZeroDefects(limit);
  const remedy =
    attacks.all < needed
      ? ` The dataset is too small: even without a defect, <= ${share(limit)} needs ${needed} attacks${attacks.all < rows ? "; more trials of the same ones show no more" : ""}.`
      : " More attacks would tell.";
  return result(
    "inconclusive",
    `${label}: ${found}, which only shows a rate of at most ${share(bound)}; needed is <= ${share(limit)}.${remedy}`,
    value,
  );
}

/** The share of rows that may be defects; undefined where no rate is limited. */
export function rateLimit(
  statistic: GateRequirement["statistic"],
  { comparison, value }: NonNullable<GateRequirement["threshold"]>,
): number | undefined {
  if (statistic === "passRate" && comparison === ">=") return otherShare(value);
  return statistic === "rate" && comparison === "<=" ? value : undefined;
}

function shownValue(summary: MetricSummary, statistic: GateRequirement["statistic"]): number | null {
  if (statistic === "rate") return summary.defects / summary.rows;
  return summary[statistic];
}

/** Clusters of rows, and those with a defect. Each row is one in reports that were written before they were counted. */
function attacksOf({ rows, defects, clusters, defectiveClusters }: MetricSummary): {
  all: number;
  defective: number;
} {
  return { all: clusters ?? rows, defective: defectiveClusters ?? defects };
}

/** The interval of what is shown: of the share of rows that are defects, or that are none. A count has none. */
function shownInterval(
  summary: MetricSummary,
  statistic: GateRequirement["statistic"],
): Interval | undefined {
  if (statistic !== "rate" && statistic !== "passRate") return undefined;
  const { scored, missing, defects } = summary;
  if (scored === 0) return undefined;
  const { all, defective } = attacksOf(summary);
  const measured = Math.max(1, defective, all - missing);
  const found = clopperPearsonInterval(defective, measured);
  if (!found) return undefined;
  // Of a defective attack at least one row is a defect, and at most each.
  const rate = {
    low: (found.low * measured) / scored,
    high: Math.max(found.high, defects / scored),
  };
  return statistic === "rate" ? rate : { low: 1 - rate.high, high: 1 - rate.low };
}
