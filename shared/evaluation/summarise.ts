import type { MetricSummary, RowAnswer } from "../model/run.ts";
import { quantile } from "../statistics/quantile.ts";
import { rowMetric } from "./row-metric.ts";

/** Folds answers into one summary a metric. Rows without a value count as missing, never as zero. */
export interface Summariser {
  add(answer: RowAnswer): void;
  summaries(): MetricSummary[];
}

const OPERATIONAL = ["latency", "input_tokens", "output_tokens", "cost", "errors"] as const;

export function createSummariser(evaluators: string[]): Summariser {
  const metrics = [...evaluators, ...OPERATIONAL];
  const columns = new Map(
    metrics.map((metric) => [metric, { values: [] as number[], passed: 0, defects: 0 }]),
  );
  let rows = 0;

  return {
    add(answer) {
      rows++;
      for (const [metric, column] of columns) {
        const measured = rowMetric(answer, metric);
        if (!measured) continue;
        column.values.push(measured.value);
        if (measured.passed === true) column.passed++;
        if (measured.passed === false) column.defects++;
      }
    },
    summaries: () => metrics.map((metric) => summarise(metric, rows, columns.get(metric))),
  };
}

function summarise(
  metric: string,
  rows: number,
  column: { values: number[]; passed: number; defects: number } | undefined,
): MetricSummary {
  const sorted = (column?.values ?? []).toSorted((a, b) => a - b);
  const scored = sorted.length;
  const judged = (column?.passed ?? 0) + (column?.defects ?? 0);
  return {
    metric,
    rows,
    scored,
    missing: rows - scored,
    mean: scored === 0 ? null : sorted.reduce((sum, value) => sum + value, 0) / scored,
    passRate: judged === 0 ? null : (column?.passed ?? 0) / judged,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1) ?? null,
    defects: column?.defects ?? 0,
  };
}
