import { rowMetric } from "../evaluation/row-metric.ts";
import type { GateRequirement } from "../model/flow.ts";
import type { CountLimit } from "./count-claim.ts";
import { allowedOf, holdsAgainst, otherShare } from "./holds-against.ts";

const PERCENTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;
/** Keeps 0.3 · 10 rows from being two. */
const ROUNDING = 1e-9;

/**
 * The requirement as a limit on how many of `rows` may have an event; undefined where it limits a mean. A percentile
 * is one: with linear interpolation between order statistics (shared/statistics/quantile.ts), p95 <= T holds for sure
 * while no more rows are above T than stand above the upper of its two neighbours, and fails for sure when the lower
 * one is above T too.
 */
export function absoluteCount(
  { metric, statistic }: Pick<GateRequirement, "metric" | "statistic">,
  { comparison, value: limit }: NonNullable<GateRequirement["threshold"]>,
  rows: number,
): CountLimit | undefined {
  const most = comparison === "<=";
  const whole = (allowed: number): Pick<CountLimit, "passMost" | "failAbove"> => ({
    passMost: allowed,
    failAbove: allowed,
  });
  const beyond: CountLimit["event"] = ({ candidate }) => {
    const value = rowMetric(candidate, metric)?.value;
    if (value === undefined) return undefined;
    return !holdsAgainst(value, comparison, limit);
  };
  switch (statistic) {
    case "passRate": {
      const rate = most ? limit : otherShare(limit);
      const event: CountLimit["event"] = ({ candidate }) => {
        const passed = rowMetric(candidate, metric)?.passed;
        return passed === undefined ? undefined : passed === most;
      };
      return { event, rate, ...whole(allowedOf(rate, rows)), bets: true };
    }
    case "defects": {
      const event: CountLimit["event"] = ({ candidate }) => {
        const measured = rowMetric(candidate, metric);
        return measured && (measured.passed === false) === most;
      };
      // At least so many defects is at most so many rows without one.
      const allowed = most ? limit : rows - Math.ceil(limit - ROUNDING);
      return { event, rate: allowed / rows, ...whole(Math.floor(allowed + ROUNDING)), bets: true };
    }
    case "p50":
    case "p95":
    case "p99": {
      const p = PERCENTILES[statistic];
      const position = (rows - 1) * p;
      return most
        ? {
            event: beyond,
            rate: 1 - p,
            passMost: rows - 1 - Math.ceil(position),
            failAbove: rows - 1 - Math.floor(position),
            bets: true,
          }
        : {
            event: beyond,
            rate: p,
            passMost: Math.floor(position),
            failAbove: Math.ceil(position),
            bets: true,
          };
    }
    case "max":
      return most
        ? { event: beyond, rate: 0, passMost: 0, failAbove: 0, bets: false }
        : { event: beyond, rate: 1, passMost: rows - 1, failAbove: rows - 1, bets: false };
    case "rate": {
      const event: CountLimit["event"] = ({ candidate }) => {
        const measured = rowMetric(candidate, metric);
        return measured && measured.value > 0 === most;
      };
      const rate = most ? limit : otherShare(limit);
      return { event, rate, ...whole(allowedOf(rate, rows)), bets: true };
    }
    default:
      return undefined;
  }
}
