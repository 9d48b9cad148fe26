import type { Statistic } from "../model/flow.ts";
import type { MetricSummary } from "../model/run.ts";

/** The value of one statistic of a metric; null where there is none, or where it is not a number. */
export function measuredValue(summary: MetricSummary | undefined, statistic: Statistic): number | null {
  if (!summary || summary.scored === 0) return null;
  const value = statistic === "rate" ? summary.mean : summary[statistic];
  return value !== null && Number.isFinite(value) ? value : null;
}
