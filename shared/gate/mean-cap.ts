import type { GateRequirement } from "../model/flow.ts";
import { formatMetric } from "../model/format-metric.ts";
import { holdsAgainst } from "./holds-against.ts";
import type { MetricFacts } from "./metric-facts.ts";

/**
 * How many times the limit (or the baseline's mean, where there is no limit) one row may cost, take or use. A mean of
 * what has no upper end can only be bounded by capping it, so the cap is part of the gate: a row above it fails. Ten
 * times leaves room for slow rows, and is near enough for a few hundred rows to show a mean.
 */
const CAP_FACTOR = 10;

/**
 * What one row may have of a metric whose mean is limited; undefined where its scale has an end, and where there is
 * nothing to take the cap from. `baseline` is the baseline's mean, null where it is not known.
 */
export function meanCap(
  { statistic, threshold }: Pick<GateRequirement, "statistic" | "threshold">,
  facts: MetricFacts,
  baseline: number | null,
): number | undefined {
  if (statistic !== "mean" || Number.isFinite(facts.max) || !Number.isFinite(facts.min)) return undefined;
  const reference = threshold ? (threshold.comparison === "<=" ? threshold.value : null) : baseline;
  return reference !== null && reference > 0 ? reference * CAP_FACTOR : undefined;
}

/** Why a row above the cap fails; undefined where it is not above it. */
export function capBreach(
  metric: string,
  value: number | null | undefined,
  cap: number | undefined,
): string | undefined {
  if (cap === undefined || value === null || value === undefined) return undefined;
  if (holdsAgainst(value, "<=", cap)) return undefined;
  const words = (amount: number): string => formatMetric(metric, "max", amount);
  return `${metric}: a row has ${words(value)}, above the ${words(cap)} that one row may have where the mean is limited (ten times as much).`;
}
