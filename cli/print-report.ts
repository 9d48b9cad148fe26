import type { MetricView, ReportView, RowView, ScoreView } from "../shared/model/report-view.ts";
import type { Verdict } from "../shared/model/run.ts";
import type { Paint } from "./output.ts";
import { excerpt, plainText } from "./plain-text.ts";
import { printEvidence } from "./print-evidence.ts";
import { printVerdict } from "./print-verdict.ts";
import { formatTable } from "./table.ts";
import { wrapText } from "./wrap-text.ts";

/** Rows shown; the rest is in `--json`, `--markdown` and `--html`. */
const WORST_ROWS = 5;

/** A run's report: the verdict first, then every metric, then the rows that did worst and why. */
export function printReport(
  verdict: Verdict,
  view: ReportView,
  options: { paint: Paint; columns: number },
): string {
  const { paint, columns } = options;
  const { rows, requirements, metrics, datasetChanges, worst } = view;
  const warnings = requirements.flatMap(({ name, power }) =>
    power === undefined ? [] : [`${name}: ${power}`],
  );
  return [
    printVerdict(verdict, { paint, columns, notices: view.notices }),
    warnings.map((warning) => paint("yellow", wrapText(plainText(warning), columns))).join("\n"),
    paint("bold", "What was measured"),
    metricTable(metrics, paint, columns),
    [`${rows.used} of ${rows.of} rows. ${rows.why}`, callWords(view)]
      .map((line) => paint("dim", wrapText(plainText(line), columns)))
      .join("\n"),
    ...printEvidence(view.evidence, { paint, columns }),
    datasetChanges.map((sentence) => wrapText(plainText(sentence), columns)).join("\n"),
    ...(worst.length === 0 ? [] : [paint("bold", "The rows that did worst")]),
    ...worst.slice(0, WORST_ROWS).map((row) => printRow(row, paint, columns)),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function callWords({ calls, spent, cost, models }: ReportView): string {
  const early = calls.savedByStopping > 0 ? `, about ${calls.savedByStopping} by stopping early` : "";
  const used = spent === undefined ? "" : ` The run used ${spent}.`;
  const paid = cost.total === null ? "" : ` Its answers cost ${cost.text}.`;
  return `${calls.made} model calls made, ${calls.savedByCache} saved by what was recorded before${early}.${used}${paid} Judged by ${models.judge}.`;
}

function metricTable(metrics: readonly MetricView[], paint: Paint, columns: number): string {
  const rows = metrics.map(({ metric, mean, passRate, rowThreshold, p95, defects, scored, rows }) => [
    metric,
    mean.text,
    passRate.text,
    rowThreshold ?? "–",
    p95.text,
    String(defects),
    `${scored} of ${rows}`,
  ]);
  const head = ["metric", "mean", "passing", "at", "p95", "defects", "scored"];
  return formatTable({ head, rows, flexible: 0, alignRight: [1, 2, 3, 4, 5, 6], columns, paint });
}

function printRow(row: RowView, paint: Paint, columns: number): string {
  const { id, dataset, question, answer, refusal, error, scores } = row;
  const part = (name: string, text: string): string =>
    wrapText(`${name}: ${excerpt(text, 400)}`, Math.min(columns, 100), "    ");
  return [
    `  ${paint("bold", excerpt(id, 60))} ${paint("dim", excerpt(dataset, 60))}`,
    ...(question === undefined ? [] : [part("question", question)]),
    error === undefined
      ? refusal === undefined
        ? part("answer", answer ?? "(none)")
        : part("refused", refusal)
      : part("error", error),
    ...scores
      .filter(({ passed }) => passed !== true)
      .map((score) => paint("red", part(scoreWords(score), score.reason ?? "no reason given"))),
  ].join("\n");
}

function scoreWords({ metric, value, threshold }: ScoreView): string {
  return `${excerpt(metric, 60)} ${value.text}${threshold === undefined ? "" : `, needs ${threshold}`}`;
}
