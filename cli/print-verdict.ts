import type { RequirementResult, Verdict, VerdictOutcome } from "../shared/model/run.ts";
import { versionName } from "../shared/model/version.ts";
import type { RequirementView } from "../shared/model/report-view.ts";
import { outcomeWords } from "../shared/report/outcome-words.ts";
import { requirementView } from "../shared/report/report-view.ts";
import type { Paint } from "./output.ts";
import { plainText } from "./plain-text.ts";
import { formatTable, tableWidth, type TableRow } from "./table.ts";

const MARK: Record<VerdictOutcome, string> = { pass: "✓", fail: "✗", inconclusive: "?", error: "!" };
export const OUTCOME_COLOUR = { pass: "green", fail: "red", inconclusive: "yellow", error: "red" } as const;

/**
 * A verdict as a newcomer reads it: which version, what came of it in words, a row per requirement with what was
 * measured, what was needed and what production has, and under each row that does not hold the reason.
 * `notices` are the report's: what a reader must know before believing a number.
 */
export function printVerdict(
  verdict: Verdict,
  options: { paint: Paint; columns?: number; notices?: string[] },
): string {
  const { paint } = options;
  const colour = OUTCOME_COLOUR[verdict.outcome];
  const told = new Set(verdict.requirements.filter(isShort).map(({ reason }) => reason));
  const untold = verdict.reasons.filter((reason) => verdict.outcome !== "pass" && !told.has(reason));
  return [
    `${paint("bold", versionName(verdict.flow, verdict.version))}  ${paint(colour, outcomeWords(verdict))}`,
    paint("dim", comparisonWords(verdict)),
    "",
    verdict.requirements.length > 0 ? requirementTable(verdict, paint, options.columns ?? 80) : "",
    "",
    ...untold.map((reason) => `${paint(colour, MARK[verdict.outcome])} ${plainText(reason)}`),
    ...(options.notices ?? []).map((notice) => paint("yellow", `Note: ${plainText(notice)}`)),
  ]
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd();
}

function comparisonWords(verdict: Verdict): string {
  if (verdict.purpose === "recertification") {
    return `suite ${verdict.suite} · the version in production, judged again on a changed suite`;
  }
  const against = verdict.baseline
    ? `compared with ${versionName(verdict.flow, verdict.baseline)} in production`
    : "nothing in production yet to compare with";
  const proposal = verdict.purpose === "proposal" ? " · a proposal: judged, never released" : "";
  return `suite ${verdict.suite} · ${against}${proposal}`;
}

/** A column of the table; what informs without deciding is left out where there is no room for it. */
interface Column {
  head: string;
  informs?: boolean;
  cell(view: RequirementView): string;
}

function requirementTable(verdict: Verdict, paint: Paint, columns: number): string {
  const views = verdict.requirements.map(requirementView);
  const shown = fitting(columnsOf(views, paint), views, columns);
  const rows = views.flatMap((view): TableRow[] => {
    const cells = shown.map(({ cell }) => cell(view));
    if (view.outcome === "pass") return [cells];
    return [cells, { remark: plainText(view.reason) }];
  });
  return formatTable({
    head: shown.map(({ head }) => head),
    rows,
    flexible: 0,
    alignRight: shown.map((_, index) => index).slice(1),
    columns,
    paint,
  });
}

function columnsOf(views: readonly RequirementView[], paint: Paint): Column[] {
  const compared = views.some(({ baseline }) => baseline.value !== null);
  const all: (Column | false)[] = [
    {
      head: "  requirement",
      cell: ({ name, outcome }) => `${paint(OUTCOME_COLOUR[outcome], MARK[outcome])} ${name}`,
    },
    {
      head: "measured",
      cell: ({ value, outcome }) =>
        outcome === "pass" ? value.text : paint(OUTCOME_COLOUR[outcome], value.text),
    },
    views.some(({ interval }) => interval) && {
      head: "95 % interval",
      informs: true,
      cell: ({ interval }) => interval?.text ?? "–",
    },
    { head: "needed", cell: ({ limit }) => limit.text },
    compared && { head: "production", cell: ({ baseline }) => baseline.text },
    views.some(({ difference }) => difference) && {
      head: "difference",
      informs: true,
      cell: ({ difference }) =>
        difference ? `${difference.text}${difference.interval ? ` [${difference.interval.text}]` : ""}` : "–",
    },
  ];
  return all.filter((column) => column !== false);
}

/** All columns, or without one that only informs, or without any: the first that fits on one line a row. */
function fitting(all: Column[], views: readonly RequirementView[], columns: number): Column[] {
  const informing = all.filter(({ informs }) => informs);
  const attempts = [
    all,
    ...informing.map((left) => all.filter((column) => column !== left)),
    all.filter(({ informs }) => !informs),
  ];
  const fits = (attempt: Column[]): boolean =>
    tableWidth(
      attempt.map(({ head }) => head),
      views.map((view) => attempt.map(({ cell }) => cell(view))),
    ) <= columns;
  return attempts.find(fits) ?? all.filter(({ informs }) => !informs);
}

function isShort(requirement: RequirementResult): boolean {
  return requirement.outcome !== "pass";
}
