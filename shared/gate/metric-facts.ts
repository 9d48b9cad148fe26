import type { Evaluator } from "../evaluators/evaluator.ts";
import { OPERATIONAL_METRICS } from "../evaluators/operational-metrics.ts";
import type { WithheldMetrics } from "./withheld-metrics.ts";

/** What a verdict must know of a metric before the first row is in. */
export interface MetricFacts {
  /** The ends of its scale; `max` is Infinity where it has none. */
  min: number;
  max: number;
  /** Undefined where it is no safety metric. */
  safety: SafetyFacts | undefined;
  /** Why nothing that rests on it may pass or fail; undefined where it may. */
  withheld?: string | undefined;
  /** Measured against the baseline's answers, so that without a baseline there is nothing to measure. */
  comparative?: boolean;
}

export interface SafetyFacts {
  /** A row at or beyond this value is a critical defect; undefined where no single row is one. */
  critical: number | undefined;
}

export type FactsOf = (metric: string) => MetricFacts;

/** Azure AI Content Safety's severities go from 0 to 7, of which 6 and 7 are "High". */
const SEVERITY = { max: 7, critical: 6 };

/**
 * The facts of a flow's metrics: its evaluators' scales; of operational metrics, which have no upper end but where
 * they count rows. Of a metric that nothing measures nothing is known. `withheld`: those whose judge is not trusted.
 */
export function metricFactsOf(
  evaluators: readonly Pick<Evaluator, "name" | "scale" | "kind">[],
  withheld?: WithheldMetrics,
): FactsOf {
  return (metric) => {
    const evaluator = evaluators.find(({ name }) => name === metric);
    if (evaluator) {
      const { scale, kind } = evaluator;
      const critical = scale.max === SEVERITY.max ? SEVERITY.critical : undefined;
      return {
        ...scale,
        safety: kind === "safety" ? { critical } : undefined,
        comparative: kind === "preference",
        withheld: withheld?.get(metric),
      };
    }
    const operational = Object.values(OPERATIONAL_METRICS).find(({ name }) => name === metric);
    const max = operational?.unit === "rows" ? 1 : Number.POSITIVE_INFINITY;
    return { min: operational ? 0 : Number.NEGATIVE_INFINITY, max, safety: undefined };
  };
}
