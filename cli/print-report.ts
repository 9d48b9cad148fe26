import type { MetricSummary, Report, RowResult, Verdict } from "../shared/model/run.ts";
import { formatMetric } from "../shared/model/format-metric.ts";
import type { Paint } from "./output.ts";
import { excerpt } from "./plain-text.ts";
import { printVerdict } from "./print-verdict.ts";
import { formatTable } from "./table.ts";
import { wrapText } from "./wrap-text.ts";

/** Rows shown; the rest is in `--json` and `--markdown`. */
const WORST_ROWS = 5;

/** A run's report: the verdict first, then every metric, then the rows that did worst and why. */
export function printReport(
  verdict: Verdict,
  report: Report,
  options: { paint: Paint; columns: number },
): string {
  const { paint, columns } = options;
  const { calls, candidate, worst } = report;
  return [
    printVerdict(verdict, { paint, columns, notices: report.notices }),
    paint("bold", "What was measured"),
    metricTable(candidate, paint, columns),
    paint("dim", `${calls.made} model calls made, ${calls.saved} saved by what was recorded before`),
    ...(worst.length === 0 ? [] : [paint("bold", "The rows that did worst")]),
    ...worst.slice(0, WORST_ROWS).map((row) => printRow(row, paint, columns)),
  ].join("\n\n");
}

function metricTable(summaries: MetricSummary[], paint: Paint, columns: number): string {
  const rows = summaries.map(({ metric, rows, scored, mean, passRate, p95, defects }) => [
    metric,
    formatMetric(metric, "mean", mean),
    formatMetric(metric, "passRate", passRate),
    formatMetric(metric, "p95", p95),
    String(defects),
    `${scored} of ${rows}`,
  ]);
  const head = ["metric", "mean", "passing", "p95", "defects", "scored"];
  return formatTable({ head, rows, flexible: 0, alignRight: [1, 2, 3, 4, 5], columns, paint });
}

function printRow({ row, candidate }: RowResult, paint: Paint, columns: number): string {
  const question = row.fields["question"] ?? row.fields["query"] ?? row.fields["input"];
  const failed = Object.entries(candidate.scores).filter(([, score]) => score.passed !== true);
  const part = (name: string, text: string): string =>
    wrapText(`${name}: ${excerpt(text, 400)}`, Math.min(columns, 100), "    ");
  return [
    `  ${paint("bold", excerpt(row.id, 60))} ${paint("dim", excerpt(row.dataset, 60))}`,
    ...(typeof question === "string" ? [part("question", question)] : []),
    candidate.error
      ? part("error", `${candidate.error.kind}: ${candidate.error.message}`)
      : part("answer", candidate.answer ?? "(none)"),
    ...failed.map(([evaluator, { value, reason }]) =>
      paint("red", part(`${evaluator} ${value ?? "not scorable"}`, reason ?? "no reason given")),
    ),
  ].join("\n");
}
