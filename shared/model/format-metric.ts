import type { Statistic } from "./flow.ts";
import type { RequirementResult } from "./run.ts";

const STATISTIC_WORDS: Record<Exclude<Statistic, "rate">, string> = {
  mean: "mean",
  passRate: "pass rate",
  p50: "p50",
  p95: "p95",
  p99: "p99",
  max: "max",
  defects: "defects",
};

/** `groundedness pass rate`, `errors`: a requirement's metric and statistic in words. */
export function metricWords(metric: string, statistic: Statistic): string {
  return statistic === "rate" ? metric : `${metric} ${STATISTIC_WORDS[statistic]}`;
}

/** What a requirement is called: `groundedness mean against production`, `groundedness gap by customer.region`. */
export function requirementWords({
  metric,
  statistic,
  kind,
  gap,
}: Pick<RequirementResult, "metric" | "statistic" | "kind" | "gap">): string {
  if (gap !== undefined) return `${metric} ${gap}`;
  return `${metricWords(metric, statistic)}${kind === "relative" ? " against production" : ""}`;
}

/**
 * A measured value with its unit: milliseconds as ms or s, cost in US dollars, shares in percent, counts whole,
 * scores plain. `digits` is how many decimals a score gets; the other units follow from it. `–` where there is none.
 */
export function formatMetric(metric: string, statistic: Statistic, value: number | null, digits = 2): string {
  if (value === null) return "–";
  if (statistic === "passRate" || statistic === "rate") return `${trimmed(value * 100, digits - 1)} %`;
  if (statistic === "defects") return trimmed(value, 0);
  if (metric === "latency") {
    return value < 1000 ? `${trimmed(value, digits - 2)} ms` : `${trimmed(value / 1000, digits)} s`;
  }
  if (metric === "cost") return `$${trimmed(value, digits + 3)}`;
  if (metric === "input_tokens" || metric === "output_tokens") return trimmed(value, digits - 2);
  return trimmed(value, digits);
}

/**
 * A value and its limit with as many digits as it takes to tell them apart, so that 3.998 against 4 does not read
 * as "4 is not enough".
 */
export function formatAgainst(
  metric: string,
  statistic: Statistic,
  value: number | null,
  limit: number | null,
): { value: string; limit: string } {
  for (let digits = 2; ; digits += 1) {
    const texts = {
      value: formatMetric(metric, statistic, value, digits),
      limit: formatMetric(metric, statistic, limit, digits),
    };
    if (texts.value !== texts.limit || value === limit || digits === 8) return texts;
  }
}

function trimmed(value: number, digits: number): string {
  return Number(value.toFixed(digits)).toLocaleString("en-US", {
    maximumFractionDigits: digits,
    useGrouping: false,
  });
}
