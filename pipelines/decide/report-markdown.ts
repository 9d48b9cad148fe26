import { formatAgainst, formatMetric, metricWords } from "../../shared/model/format-metric.ts";
import type { Report, RequirementResult, RowResult, Verdict } from "../../shared/model/run.ts";
import { versionName } from "../../shared/model/version.ts";

const OUTCOMES = {
  pass: "passes",
  fail: "fails",
  inconclusive: "is inconclusive",
  error: "could not be judged",
} as const;

/** The report as Markdown: verdict first, then each requirement, the worst rows and the calls. */
export function reportMarkdown(report: Report, verdict: Verdict): string {
  const { run } = report;
  const lines = [
    `# ${versionName(run.flow, run.version)} ${OUTCOMES[verdict.outcome]}`,
    "",
    ...verdict.reasons.map((reason) => `- ${plain(reason)}`),
    "",
    ...report.notices.flatMap((notice) => [`> ${plain(notice)}`, ""]),
    `${run.rows} rows of suite \`${run.suite}\`, against ${run.baseline ? `production \`${versionName(run.flow, run.baseline)}\`` : "no earlier version"}. ` +
      `${report.calls.made} model calls made, ${report.calls.saved} saved by the cache.`,
    "",
    "| requirement | measured | needed | production | |",
    "| --- | --- | --- | --- | --- |",
    ...verdict.requirements.map(requirementRow),
    "",
  ];
  if (report.worst.length > 0)
    lines.push("## Rows that need a reader", "", ...report.worst.flatMap(worstRow));
  return `${lines.join("\n").trimEnd()}\n`;
}

function requirementRow(result: RequirementResult): string {
  const { metric, statistic } = result;
  const shown = formatAgainst(metric, statistic, result.value, result.limit);
  const needed = result.limit === null ? "" : `${result.comparison} ${shown.limit}`;
  const against = result.kind === "relative" ? " (no worse than production)" : "";
  const production = result.baseline === null ? "" : formatMetric(metric, statistic, result.baseline);
  return `| ${metricWords(metric, statistic)}${against} | ${shown.value} | ${needed} | ${production} | ${result.outcome} |`;
}

function worstRow({ row, candidate }: RowResult): string[] {
  const scores = Object.entries(candidate.scores)
    .filter(([, score]) => score.passed !== true)
    .map(([name, score]) => `${name} ${score.value ?? "missing"}: ${plain(score.reason ?? "")}`);
  const question = row.fields["question"];
  return [
    `### ${plain(row.id)}`,
    "",
    `- question: ${plain(typeof question === "string" ? question : "")}`,
    `- answer: ${plain(candidate.answer ?? candidate.error?.message ?? "")}`,
    ...scores.map((score) => `- ${score}`),
    "",
  ];
}

/** Text from rows and models on one line, with nothing in it that Markdown or HTML would act on. */
function plain(text: string): string {
  return text
    .slice(0, 600)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_{}[\]()#|!]/g, "\\$&")
    .replaceAll("<", "&lt;");
}
