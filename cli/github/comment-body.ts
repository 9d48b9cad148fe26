import type { Diagnostic } from "../../shared/model/flow.ts";
import type { ReportView, RequirementView, RowView } from "../../shared/model/report-view.ts";
import { fencedText, inlineText } from "../../shared/report/markdown-text.ts";
import { cutText } from "../../shared/report/plain-characters.ts";
import type { FlowOutcome } from "./evaluate-flow.ts";
import { MARKER } from "./github-api.ts";
import { SHOWN, worstOutcome } from "./shown-outcome.ts";

/** GitHub takes 65,536 characters. */
const MOST_CHARACTERS = 65_000;
const TEXT_CHARACTERS = 800;
const MOST_DIAGNOSTICS = 20;

/** What a comment is about, beside the flows. */
export interface CommentFacts {
  /** The platform's, without a slash at the end. */
  platform: string;
  /** The workflow's own run. */
  runUrl: string | undefined;
  commit: string;
  /** Flows that the change removes, by folder. */
  gone: readonly string[];
}

interface Detail {
  rows: number;
  requirements: "all" | "short" | "none";
}

/** From all there is to the verdicts alone: the first that fits is taken. */
const DETAILS: readonly Detail[] = [
  { rows: 5, requirements: "all" },
  { rows: 2, requirements: "all" },
  { rows: 0, requirements: "all" },
  { rows: 0, requirements: "short" },
  { rows: 0, requirements: "none" },
];

/** The overall result in a few words. */
export function resultTitle(outcomes: readonly FlowOutcome[]): string {
  const { word } = SHOWN[worstOutcome(outcomes.map(({ outcome }) => outcome))];
  const [only] = outcomes;
  if (only === undefined) return "No flow changes";
  if (outcomes.length === 1) return `${word}: ${only.flow}`;
  const passed = outcomes.filter(({ outcome }) => outcome === "pass").length;
  return `${word}: ${passed} of ${outcomes.length} flows pass`;
}

/**
 * The comment of a pull request: every flow's verdict, requirements, cost and worst rows, with links. What rows and
 * models wrote acts as nothing: no mention, link, HTML or fence of it has an effect. Always shorter than GitHub takes.
 */
export function commentBody(outcomes: readonly FlowOutcome[], facts: CommentFacts): string {
  const { mark } = SHOWN[worstOutcome(outcomes.map(({ outcome }) => outcome))];
  const head = [MARKER, `## ${mark} ${inlineText(resultTitle(outcomes))}`, ""];
  const removed = facts.gone.map(
    (folder) =>
      `\`flow.yaml\` is gone from ${inlineText(folder)}. Production serves the flow until \`flowgate stop\`.`,
  );
  const link = facts.runUrl === undefined ? "" : ` · [workflow run](${facts.runUrl})`;
  const foot = [...removed, "", `<sub>Of commit ${facts.commit.slice(0, 12)}${link}</sub>`];
  for (const detail of DETAILS) {
    const text = [...head, ...outcomes.flatMap((one) => section(one, facts, detail)), ...foot].join("\n");
    if (text.length <= MOST_CHARACTERS) return text;
  }
  return cutLines([...head, ...outcomes.map(headline)], foot);
}

function cutLines(lines: string[], foot: string[]): string {
  let room = MOST_CHARACTERS - foot.join("\n").length - 100;
  const kept = lines.filter((line) => (room -= line.length + 1) > 0);
  const left = lines.length - kept.length;
  return [...kept, "", ...(left > 0 ? [`${left} more are left out here.`] : []), ...foot].join("\n");
}

function headline({ outcome, headline: words, flow }: FlowOutcome): string {
  const named = words.startsWith(`${flow}@`) ? words : `${flow} ${words}`;
  return `### ${SHOWN[outcome].mark} ${inlineText(cutText(named, TEXT_CHARACTERS))}`;
}

function section(one: FlowOutcome, facts: CommentFacts, detail: Detail): string[] {
  const { view, notes, diagnostics, flow, run } = one;
  const studio = run && `${facts.platform}/studio/flows/${flow}/runs/${run}`;
  return [
    headline(one),
    "",
    ...notes.flatMap((note) => [inlineText(note), ""]),
    ...(view ? [factsLine(view), ""] : []),
    ...(studio === undefined ? [] : [`[Whole report](${studio})`, ""]),
    ...diagnosticLines(one.folder, diagnostics),
    ...(view?.notices ?? []).flatMap((notice) => [`> ${inlineText(notice)}`, ""]),
    ...(view ? requirementTable(view.requirements, detail) : []),
    ...(view ? worstRows(view.worst.slice(0, detail.rows)) : []),
  ];
}

function factsLine({ rows, baseline, flow, cost, spent, models }: ReportView): string {
  const against = baseline === undefined ? "no earlier version" : `production, \`${flow}@${baseline}\``;
  const paid = cost.total === null ? "" : ` Its answers cost ${inlineText(cost.text)}.`;
  const used = spent === undefined ? "" : ` The run used ${inlineText(spent)}.`;
  return `${rows.used} of ${rows.of} rows, against ${against}.${paid}${used} Judged by ${inlineText(models.judge)}.`;
}

function diagnosticLines(folder: string, diagnostics: readonly Diagnostic[]): string[] {
  if (diagnostics.length === 0) return [];
  const shown = diagnostics
    .slice(0, MOST_DIAGNOSTICS)
    .map(({ severity, file, line, column, message, remedy }) => {
      const place = `${folder}/${file}:${line}:${column}`;
      const words = [message, ...(remedy ? [remedy] : [])].join(" ");
      return `- ${severity}: ${inlineText(place)}: ${inlineText(cutText(words, TEXT_CHARACTERS))}`;
    });
  const more = diagnostics.length - shown.length;
  return [...shown, ...(more > 0 ? [`- and ${more} more`] : []), ""];
}

function requirementTable(
  requirements: readonly RequirementView[],
  { requirements: which }: Detail,
): string[] {
  const shown = requirements.filter(
    ({ outcome }) => which === "all" || (which === "short" && outcome !== "pass"),
  );
  if (shown.length === 0) return [];
  const rows = shown.map(({ outcome, name, value, interval, limit, baseline, reason }) =>
    [
      SHOWN[outcome].mark,
      name,
      value.text,
      interval?.text ?? "",
      limit.value === null ? "" : limit.text,
      baseline.value === null ? "" : baseline.text,
      outcome === "pass" ? "" : cutText(reason, TEXT_CHARACTERS),
    ]
      .map(inlineText)
      .join(" | "),
  );
  return [
    "| | requirement | measured | 95 % interval | needed | production | why not |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row} |`),
    "",
  ];
}

function worstRows(rows: readonly RowView[]): string[] {
  if (rows.length === 0) return [];
  return [
    "<details><summary>The rows that did worst</summary>",
    "",
    ...rows.flatMap((row) => [
      `**${inlineText(cutText(row.id, 100))}** of ${inlineText(cutText(row.dataset, 200))}`,
      "",
      ...fencedText(rowText(row)),
      "",
    ]),
    "</details>",
    "",
  ];
}

function rowText({ question, answer, refusal, error, baselineAnswer, scores }: RowView): string {
  const parts: [string, string | undefined][] = [
    ["question", question],
    ["answer", answer],
    ["refused", refusal],
    ["error", error],
    ["production answered", baselineAnswer],
    ...scores
      .filter(({ passed }) => passed !== true)
      .map(({ metric, value, threshold, reason }): [string, string] => [
        metric,
        `${value.text}${threshold === undefined ? "" : `, needs ${threshold}`}${reason === undefined ? "" : `: ${reason}`}`,
      ]),
  ];
  return parts
    .flatMap(([name, text]) => (text === undefined ? [] : [`${name}: ${cutText(text, TEXT_CHARACTERS)}`]))
    .join("\n");
}
