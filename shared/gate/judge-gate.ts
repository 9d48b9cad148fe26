import type { GateRequirement } from "../model/flow.ts";
import { formatMetric, metricWords } from "../model/format-metric.ts";
import type { MetricSummary, RequirementResult, VerdictOutcome } from "../model/run.ts";
import { judgeAbsolute } from "./judge-absolute.ts";
import { judgeRelative } from "./judge-relative.ts";
import { criticalDefect, judgeSafety } from "./judge-safety.ts";
import { capBreach, meanCap } from "./mean-cap.ts";
import { measuredValue } from "./measured-value.ts";
import type { FactsOf } from "./metric-facts.ts";

/**
 * Every requirement of a gate on what was measured on all rows: against its threshold, and against the baseline where
 * there is one. `baselineName` is what reasons call it. Safety metrics need their rate to be shown, not only measured.
 */
export function judgeGate(
  gate: readonly GateRequirement[],
  candidate: readonly MetricSummary[],
  baseline: readonly MetricSummary[] | undefined,
  factsOf: FactsOf,
  baselineName = "production",
): RequirementResult[] {
  return gate.flatMap((requirement) => {
    const measured = candidate.find(({ metric }) => metric === requirement.metric);
    const compared = baseline?.find(({ metric }) => metric === requirement.metric);
    const facts = factsOf(requirement.metric);
    if (facts.comparative && baseline === undefined) return withoutBaseline(requirement);
    const cap = meanCap(requirement, facts, measuredValue(compared, requirement.statistic));
    const breach =
      (facts.safety && criticalDefect(facts.safety, measured)) ??
      capBreach(requirement.metric, measured?.max, cap);
    const unlessBreached = (result: RequirementResult): RequirementResult =>
      breach === undefined ? result : { ...result, outcome: "fail", reason: breach };
    const results: RequirementResult[] = [];
    if (requirement.threshold) {
      const safety = facts.safety && judgeSafety(requirement, measured);
      results.push(
        unlessBreached(safety ?? judgeAbsolute(requirement, requirement.threshold, measured, compared)),
      );
    }
    if (requirement.noWorseThan) {
      const production = baseline && { summary: compared, name: baselineName };
      results.push(unlessBreached(judgeRelative(requirement, requirement.noWorseThan, measured, production)));
    }
    return facts.withheld === undefined ? results : results.map(withheldResult(facts.withheld));
  });
}

/** What a judge that is not trusted says, and why it decides nothing. */
function withheldResult(why: string): (result: RequirementResult) => RequirementResult {
  return (result) => {
    const { metric, statistic, value } = result;
    const measured =
      value === null
        ? ""
        : `${metricWords(metric, statistic)} is ${formatMetric(metric, statistic, value)}. `;
    const reason = `${measured}The judge of ${metric} can neither pass nor fail it yet: ${why}`;
    return { ...result, outcome: "inconclusive", reason };
  };
}

/** What compares answers has nothing to compare where no version came before: like a margin, it holds. */
function withoutBaseline({
  metric,
  statistic,
  threshold,
  noWorseThan,
}: GateRequirement): RequirementResult[] {
  const result = (
    kind: RequirementResult["kind"],
    comparison: RequirementResult["comparison"],
    limit: number | null,
  ): RequirementResult => ({
    metric,
    statistic,
    kind,
    outcome: "pass",
    value: null,
    baseline: null,
    comparison,
    limit,
    reason: `${metricWords(metric, statistic)} has no earlier version to compare with.`,
  });
  return [
    ...(threshold ? [result("absolute", threshold.comparison, threshold.value)] : []),
    ...(noWorseThan ? [result("relative", ">=", null)] : []),
  ];
}

/** A certain failure outweighs what is unsure; only a gate that holds in full passes. */
export function outcomeOf(
  rows: number,
  gate: readonly unknown[],
  results: readonly RequirementResult[],
): VerdictOutcome {
  if (rows === 0 || gate.length === 0 || results.length === 0) return "error";
  for (const outcome of ["error", "fail", "inconclusive"] as const) {
    if (results.some((result) => result.outcome === outcome)) return outcome;
  }
  return "pass";
}
