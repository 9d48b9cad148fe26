import { OPERATIONAL_METRICS } from "../evaluators/operational-metrics.ts";
import type { MetricSummary, RowAnswer } from "../model/run.ts";
import { compensatedSum } from "../statistics/compensated-sum.ts";
import { quantile } from "../statistics/quantile.ts";
import { createColumn, type Column } from "./column.ts";
import { rowMetric } from "./row-metric.ts";

/** Folds answers into one summary a metric. Rows without a value count as missing, never as zero. */
export interface Summariser {
  /** Answers of one cluster follow one another; without a cluster an answer is one of its own. */
  add(answer: RowAnswer, cluster?: string): void;
  summaries(): MetricSummary[];
}

/** Keeps eight bytes a value, for the quantiles. Without `operational`, only what the evaluators say. */
export function createSummariser(
  evaluators: readonly string[],
  { operational = true }: { operational?: boolean } = {},
): Summariser {
  const metrics = [...evaluators, ...(operational ? Object.keys(OPERATIONAL_METRICS) : [])];
  const columns = metrics.map((metric) => ({
    metric,
    column: createColumn(),
    passed: 0,
    defects: 0,
    defectiveClusters: 0,
    lastDefective: 0,
  }));
  let rows = 0;
  let clusters = 0;
  let current: string | undefined;

  return {
    add(answer, cluster) {
      rows++;
      if (cluster === undefined || cluster !== current) clusters++;
      current = cluster;
      for (const counts of columns) {
        const measured = rowMetric(answer, counts.metric);
        if (!measured) continue;
        counts.column.add(measured.value);
        if (measured.passed === true) counts.passed++;
        if (measured.passed !== false) continue;
        counts.defects++;
        if (counts.lastDefective !== clusters) counts.defectiveClusters++;
        counts.lastDefective = clusters;
      }
    },
    summaries: () => columns.map((counts) => summarise(counts, rows, clusters)),
  };
}

function summarise(
  {
    metric,
    column,
    passed,
    defects,
    defectiveClusters,
  }: { metric: string; column: Column; passed: number; defects: number; defectiveClusters: number },
  rows: number,
  clusters: number,
): MetricSummary {
  const sorted = column.sorted();
  const scored = sorted.length;
  const judged = passed + defects;
  return {
    metric,
    rows,
    scored,
    missing: rows - scored,
    mean: scored === 0 ? null : compensatedSum(sorted) / scored,
    passRate: judged === 0 ? null : passed / judged,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1) ?? null,
    defects,
    clusters,
    defectiveClusters,
  };
}
