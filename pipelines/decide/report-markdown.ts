import { versionName } from "../../shared/model/version.ts";
import type { Changes, DiffLine, FileChange } from "../../shared/model/changes.ts";
import type { ReportView, RequirementView, RowView, ScoreView } from "../../shared/model/report-view.ts";
import { evidenceMarkdown } from "./markdown-evidence.ts";
import { fencedText, inlineText } from "../../shared/report/markdown-text.ts";

/** The report as Markdown: verdict first, then each requirement, what changed, the worst rows and the calls. */
export function reportMarkdown(view: ReportView): string {
  const { requirements, worst } = view;
  const short = requirements.filter(({ outcome }) => outcome !== "pass");
  const told = new Set(short.map(({ reason }) => reason));
  return `${[
    `# ${inlineText(view.headline)}`,
    "",
    ...view.reasons.filter((reason) => !told.has(reason)).map((reason) => `- ${inlineText(reason)}`),
    ...short.map(({ reason }) => `- ${inlineText(reason)}`),
    "",
    ...view.notices.flatMap((notice) => [`> ${inlineText(notice)}`, ""]),
    factsLine(view),
    "",
    ...(requirements.length === 0 ? [] : requirementTable(requirements)),
    // Why those that do not hold do not stands at the top.
    ...requirements.flatMap(({ outcome, reason }) => (outcome === "pass" ? [`- ${inlineText(reason)}`] : [])),
    ...requirements.flatMap(({ name, power }) =>
      power === undefined ? [] : [`- ${inlineText(name)}: ${inlineText(power)}`],
    ),
    "",
    ...evidenceMarkdown(view.evidence),
    ...sentences("What changed in the datasets", view.datasetChanges),
    ...sentences("What it is judged by changed", view.suiteChanges ?? []),
    ...changesSection(view.changes),
    ...(worst.length === 0 ? [] : ["## Rows that need a reader", "", ...worst.flatMap(worstRow)]),
  ]
    .join("\n")
    .replaceAll(/\n{3,}(?=[^\n])/g, "\n\n")
    .trimEnd()}\n`;
}

function sentences(heading: string, found: readonly string[]): string[] {
  if (found.length === 0) return [];
  return [`## ${heading}`, "", ...found.map((sentence) => `- ${inlineText(sentence)}`), ""];
}

function factsLine({ flow, baseline, suite, rows, calls, spent, models }: ReportView): string {
  const against = baseline ? `production \`${versionName(flow, baseline)}\`` : "no earlier version";
  const stopping = calls.savedByStopping > 0 ? `, about ${calls.savedByStopping} by stopping early` : "";
  return (
    `${rows.used} of ${rows.of} rows of suite \`${suite}\`, against ${against}. ${inlineText(rows.why)} ` +
    `${calls.made} model calls made, ${calls.savedByCache} saved by the cache${stopping}. ` +
    (spent === undefined ? "" : `The run used ${inlineText(spent)}. `) +
    `Judged by ${inlineText(models.judge)}.`
  );
}

function requirementTable(requirements: RequirementView[]): string[] {
  const rows = requirements.map(({ name, value, interval, limit, baseline, difference, outcome }) =>
    [
      name,
      value.text,
      interval?.text ?? "",
      limit.value === null ? "" : limit.text,
      baseline.value === null ? "" : baseline.text,
      difference ? `${difference.text}${difference.interval ? ` [${difference.interval.text}]` : ""}` : "",
      outcome,
    ]
      .map(inlineText)
      .join(" | "),
  );
  return [
    "| requirement | measured | 95 % interval | needed | production | difference | |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row} |`),
    "",
  ];
}

function changesSection(changes: Changes | undefined): string[] {
  if (!changes || changes.files.length + changes.settings.length === 0) return [];
  return [
    "## What changed",
    "",
    ...changes.settings.map(
      ({ name, before, after }) =>
        `- ${inlineText(name)}: ${inlineText(before ?? "not set")} → ${inlineText(after ?? "not set")}`,
    ),
    "",
    ...changes.files.flatMap(fileChange),
    ...(changes.moreFiles > 0 ? [`${changes.moreFiles} more files differ.`, ""] : []),
  ];
}

function fileChange({ path, kind, diff, note }: FileChange): string[] {
  return [
    `### ${inlineText(path)} (${kind})`,
    "",
    ...(note === undefined ? [] : [inlineText(note), ""]),
    ...(diff && diff.length > 0 ? fencedText(diff.map(diffLine).join("\n"), "diff") : []),
    "",
  ];
}

const MARK: Record<DiffLine["kind"], string> = { hunk: "", same: " ", removed: "-", added: "+" };

function diffLine({ kind, text }: DiffLine): string {
  return MARK[kind] + text;
}

function worstRow({ id, dataset, question, answer, refusal, error, context, scores }: RowView): string[] {
  const block = (name: string, text: string | undefined): string[] =>
    text === undefined ? [] : [`${name}:`, "", ...fencedText(text), ""];
  return [
    `### ${inlineText(id)}`,
    "",
    `Of ${inlineText(dataset)}.`,
    "",
    ...scores.map((score) => `- ${scoreWords(score)}`),
    "",
    ...block("Question", question),
    ...block("Answer", answer),
    ...block("Refusal", refusal),
    ...block("Error", error),
    ...block("Context", context),
  ];
}

function scoreWords({ metric, value, threshold, passed, reason }: ScoreView): string {
  const needed = threshold === undefined ? "" : `, needs ${threshold}`;
  const outcome = passed === null ? "missing" : passed ? "passed" : "failed";
  const why = reason === undefined ? "" : `: ${inlineText(reason)}`;
  return `${inlineText(metric)} ${value.text}${needed}, ${outcome}${why}`;
}
