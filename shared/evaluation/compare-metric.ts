import { isLowerBetter } from "../gate/lower-is-better.ts";
import type { GateRequirement, Statistic } from "../model/flow.ts";
import type { RowAnswer } from "../model/run.ts";
import type { Interval } from "../statistics/interval.ts";
import { matchedSharesInterval, matchedSharesPValue } from "../statistics/matched-shares.ts";
import { meanInterval, pairedPValue } from "../statistics/mean-interval.ts";
import { wilsonInterval } from "../statistics/wilson-interval.ts";
import { rowMetric, type RowMetric } from "./row-metric.ts";

/** A metric by one of its statistics, as a gate names it. */
export type MetricStatistic = Pick<GateRequirement, "metric" | "statistic" | "direction">;

/** How two sets of answers to the same rows differ, the first minus the second, in the metric's own unit. */
export interface PairedDifference {
  difference: number;
  /** 95 %; undefined where there are too few pairs. */
  interval: Interval | undefined;
  /** Rows that both have a value for, and those of them where the two values differ. */
  pairs: number;
  changed: number;
  /** Two-sided; of no difference. */
  pValue: number;
  /** Whether the first is the better one by this difference. */
  better: boolean;
}

/**
 * The 95 % interval of a metric over all rows: Student's t for a mean, Wilson's for a share. Undefined for
 * percentiles, maxima and counts, and where there are too few rows.
 */
export function metricInterval(
  answers: readonly RowAnswer[],
  { metric, statistic }: Pick<MetricStatistic, "metric" | "statistic">,
): Interval | undefined {
  const measured = answers.flatMap((answer) => rowMetric(answer, metric) ?? []);
  if (statistic === "mean") return meanInterval(measured.map(({ value }) => value));
  const counted = measured.flatMap((row) => counts(row, statistic) ?? []);
  return wilsonInterval(counted.filter(Boolean).length, counted.length);
}

/**
 * The difference row by row: of means by the paired t-test, of shares by McNemar's. Undefined for the statistics that
 * have no such difference (percentiles, maxima, counts), and where no row has a value in both.
 */
export function pairedDifference(
  first: readonly RowAnswer[],
  second: readonly RowAnswer[],
  { metric, statistic, direction }: MetricStatistic,
): PairedDifference | undefined {
  const pairs = first.flatMap((answer, index) => {
    const other = second[index];
    const a = rowMetric(answer, metric);
    const b = other && rowMetric(other, metric);
    return a && b ? [{ a, b }] : [];
  });
  const better = (difference: number): boolean =>
    isLowerBetter({ statistic, direction }) ? difference < 0 : difference > 0;
  if (statistic === "mean") {
    if (pairs.length === 0) return undefined;
    const differences = pairs.map(({ a, b }) => a.value - b.value);
    const difference = differences.reduce((sum, value) => sum + value, 0) / differences.length;
    return {
      difference,
      interval: meanInterval(differences),
      pairs: pairs.length,
      changed: differences.filter((value) => value !== 0).length,
      pValue: pairedPValue(differences),
      better: better(difference),
    };
  }
  const matched = pairs.flatMap(({ a, b }) => {
    const [one, other] = [counts(a, statistic), counts(b, statistic)];
    return one === undefined || other === undefined ? [] : [{ one, other }];
  });
  if (matched.length === 0) return undefined;
  const discordant = {
    first: matched.filter(({ one, other }) => one && !other).length,
    second: matched.filter(({ one, other }) => other && !one).length,
  };
  const difference = (discordant.first - discordant.second) / matched.length;
  return {
    difference,
    interval: matchedSharesInterval(discordant, matched.length),
    pairs: matched.length,
    changed: discordant.first + discordant.second,
    pValue: matchedSharesPValue(discordant),
    better: better(difference),
  };
}

/** Whether a row counts into a share; undefined where the statistic is no share or the row says nothing. */
function counts({ value, passed }: RowMetric, statistic: Statistic): boolean | undefined {
  if (statistic === "passRate") return passed;
  return statistic === "rate" ? value > 0 : undefined;
}
