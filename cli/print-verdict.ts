import type { RequirementResult, Verdict, VerdictOutcome } from "../shared/model/run.ts";
import { versionName } from "../shared/model/version.ts";
import { formatAgainst, formatMetric, requirementWords } from "../shared/model/format-metric.ts";
import { outcomeWords } from "../shared/report/outcome-words.ts";
import type { Paint } from "./output.ts";
import { plainText } from "./plain-text.ts";
import { formatTable, type TableRow } from "./table.ts";

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

function requirementTable(verdict: Verdict, paint: Paint, columns: number): string {
  const compared = verdict.requirements.some((requirement) => requirement.baseline !== null);
  const rows = verdict.requirements.flatMap((requirement): TableRow[] => {
    const row = requirementRow(requirement, paint);
    const cells = compared ? row : row.slice(0, 3);
    if (!isShort(requirement)) return [cells];
    return [cells, { remark: plainText(requirement.reason) }];
  });
  const head = ["  requirement", "measured", "needed", "production"];
  return formatTable({
    head: compared ? head : head.slice(0, 3),
    rows,
    flexible: 0,
    alignRight: [1, 2, 3],
    columns,
    paint,
  });
}

function requirementRow(requirement: RequirementResult, paint: Paint): string[] {
  const { metric, statistic, outcome, comparison, limit, baseline } = requirement;
  const texts = formatAgainst(metric, statistic, requirement.value, limit);
  const colour = OUTCOME_COLOUR[outcome];
  return [
    `${paint(colour, MARK[outcome])} ${requirementWords(requirement)}`,
    outcome === "pass" ? texts.value : paint(colour, texts.value),
    limit === null ? "–" : `${comparison === ">=" ? "≥" : "≤"} ${texts.limit}`,
    formatMetric(metric, statistic, baseline),
  ];
}

function isShort(requirement: RequirementResult): boolean {
  return requirement.outcome !== "pass";
}
