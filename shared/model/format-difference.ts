import type { Interval } from "../statistics/interval.ts";
import type { Statistic } from "./flow.ts";
import { formatMetric } from "./format-metric.ts";

/** `+0.21`, `−3 points`: how much one value is above another, shares in percentage points. */
export function formatDifference(metric: string, statistic: Statistic, value: number): string {
  const size = formatSigned(metric, statistic, value);
  return `${value > 0 && /[1-9]/.test(size) ? "+" : ""}${size}${points(statistic)}`;
}

/** `0.2`, `14 points`: how far apart two values are, without a sign. */
export function formatDistance(metric: string, statistic: Statistic, value: number): string {
  return `${formatSigned(metric, statistic, Math.abs(value))}${points(statistic)}`;
}

/** `0.05 to 0.37`, `83 to 96 %`: of values, or with `difference` of differences: `−3 to 4 points`. */
export function formatInterval(
  metric: string,
  statistic: Statistic,
  { low, high }: Interval,
  difference = false,
): string {
  // Of rows that are all alike nothing is known of how far others may be.
  if (low === high) return "all alike";
  if (difference) {
    const [from, to] = [low, high].map((value) => formatSigned(metric, statistic, value));
    return `${from} to ${to}${points(statistic)}`;
  }
  const [from, to] = [low, high].map((value) => formatMetric(metric, statistic, value));
  return `${isShare(statistic) ? from?.replace(" %", "") : from} to ${to}`;
}

/** `−3`: a difference without its unit where that is a share's. What is nothing as it is shown has no sign. */
export function formatSigned(metric: string, statistic: Statistic, value: number): string {
  const size = formatMetric(metric, statistic, Math.abs(value)).replace(" %", "");
  return `${value < 0 && /[1-9]/.test(size) ? "−" : ""}${size}`;
}

function points(statistic: Statistic): string {
  return isShare(statistic) ? " points" : "";
}

function isShare(statistic: Statistic): boolean {
  return statistic === "passRate" || statistic === "rate";
}
