import { rowMetric } from "../evaluation/row-metric.ts";
import type { GateRequirement } from "../model/flow.ts";
import type { RowAnswer } from "../model/run.ts";
import { isLowerBetter } from "./lower-is-better.ts";
import type { MetricFacts } from "./metric-facts.ts";

/**
 * "No worse than the baseline" as a sum a row: constant + candidate · c + baseline · b, above 0 on average where the
 * candidate is worse by less than the margin. c and b are what `read` gives of each, within [min, max].
 */
export interface RelativeMargin {
  read(answer: RowAnswer): number | undefined;
  min: number;
  max: number;
  candidate: number;
  baseline: number;
  /** Depends on the rows only for counts, where the margin is shared out among them. */
  constant(rows: number): number;
}

/** Undefined for percentiles and maxima, which are no means, and for shares of what may be negative. */
export function relativeMargin(
  requirement: Pick<GateRequirement, "metric" | "statistic" | "direction">,
  margin: NonNullable<GateRequirement["noWorseThan"]>,
  facts: MetricFacts,
): RelativeMargin | undefined {
  const { metric, statistic } = requirement;
  const read = readingOf(metric, statistic, facts);
  if (!read) return undefined;
  const sign = isLowerBetter(requirement) ? -1 : 1;
  if ("absolute" in margin) {
    const constant = (rows: number): number =>
      statistic === "defects" ? margin.absolute / rows : margin.absolute;
    return { ...read, candidate: sign, baseline: -sign, constant };
  }
  if (read.min < 0) return undefined;
  // Worse by the share r of the baseline: c <= (1 + r) b where less is better, c >= (1 - r) b where more is.
  return { ...read, candidate: sign, baseline: -sign * (1 - sign * margin.relative), constant: () => 0 };
}

function readingOf(
  metric: string,
  statistic: GateRequirement["statistic"],
  { min, max }: MetricFacts,
): Pick<RelativeMargin, "read" | "min" | "max"> | undefined {
  switch (statistic) {
    case "mean":
    case "rate":
      return { read: (answer) => rowMetric(answer, metric)?.value, min, max };
    case "passRate": {
      const read = (answer: RowAnswer): number | undefined => {
        const passed = rowMetric(answer, metric)?.passed;
        return passed === undefined ? undefined : Number(passed);
      };
      return { read, min: 0, max: 1 };
    }
    case "defects": {
      const read = (answer: RowAnswer): number | undefined => {
        const measured = rowMetric(answer, metric);
        return measured && Number(measured.passed === false);
      };
      return { read, min: 0, max: 1 };
    }
    default:
      return undefined;
  }
}
