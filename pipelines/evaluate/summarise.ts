import type { MetricSummary, RowAnswer } from "../../shared/model/run.ts";
import { quantile } from "../../shared/statistics/quantile.ts";

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

  const add = (metric: string, value: number | null | undefined, passed: boolean | undefined): void => {
    const column = columns.get(metric);
    if (!column || value === null || value === undefined || !Number.isFinite(value)) return;
    column.values.push(value);
    if (passed === true) column.passed++;
    if (passed === false) column.defects++;
  };

  return {
    add(answer) {
      rows++;
      for (const name of evaluators) add(name, answer.scores[name]?.value, answer.scores[name]?.passed);
      const failed = answer.answer === undefined;
      add("latency", answer.latencyMs, undefined);
      add("input_tokens", answer.inputTokens, undefined);
      add("output_tokens", answer.outputTokens, undefined);
      add("cost", answer.cost, undefined);
      add("errors", failed ? 1 : 0, !failed);
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
