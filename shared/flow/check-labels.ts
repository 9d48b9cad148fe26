import type { EvaluatorReference, FlowFiles } from "../model/flow.ts";
import type { CheckContext } from "./meant-file.ts";
import type { PlacedRow } from "./dataset-rows.ts";
import { START, type Findings } from "./diagnostics.ts";
import type { KnownNames } from "./flow-context.ts";
import { LABELS_FILE, labelSchema } from "./label-schema.ts";
import { CUSTOM_JUDGE } from "./judge-prompt-path.ts";
import { suggestion } from "./nearest-name.ts";
import { isFields } from "./prompty-property.ts";
import { readRecords } from "./records.ts";
import { reportSchemaIssues } from "./report-schema-issues.ts";

/** More rows than these that are gone are counted. */
const MOST_NAMED = 5;

/**
 * Checks `data/labels.jsonl` where the flow has one: a label scores by an evaluator, or by a metric of the flow, on its
 * scale.
 */
export function checkLabels(
  files: FlowFiles,
  { evaluators, scales }: KnownNames,
  metrics: readonly Pick<EvaluatorReference, "name" | "use">[],
  findings: Findings,
): void {
  if (!files.has(LABELS_FILE)) return;
  const uses = new Map([
    ...evaluators.map((name) => [name, name] as const),
    ...metrics.map(({ name, use }) => [name, use] as const),
  ]);
  const { records, diagnostics } = readRecords(LABELS_FILE, files);
  findings.list.push(...diagnostics);
  for (const { value, line } of records) {
    const place = { ...START, line };
    const parsed = labelSchema.safeParse(value);
    if (!parsed.success) reportSchemaIssues(parsed.error, LABELS_FILE, () => place, findings.error);
    const scores = isFields(value.scores) ? value.scores : {};
    const unknown = Object.keys(scores).filter((name) => !uses.has(name));
    if (unknown.length > 0) {
      const message = `There is no evaluator ${unknown.join(", ")}.`;
      findings.error(
        LABELS_FILE,
        place,
        message,
        suggestion(unknown[0] ?? "", [...uses.keys()], "evaluators"),
      );
    }
    for (const [name, score] of Object.entries(scores)) {
      // A judge of the flow's own has a scale of its own.
      const use = uses.get(name) ?? "";
      const scale = use === CUSTOM_JUDGE ? undefined : scales?.[use];
      if (scale === undefined || typeof score !== "number") continue;
      if (score >= scale.min && score <= scale.max) continue;
      const message = `${name} is ${score}, and its scale goes from ${scale.min} to ${scale.max}.`;
      findings.error(LABELS_FILE, place, message, "Score on the evaluator's own scale.");
    }
  }
}

/** Labels of rows that no dataset has any more: nobody can ask the judge about them. */
export function checkLabelledRows(
  rows: readonly Pick<PlacedRow, "id">[],
  { files, findings }: CheckContext,
): void {
  if (!files.has(LABELS_FILE) || rows.length === 0) return;
  const known = new Set(rows.map(({ id }) => id));
  const gone = readRecords(LABELS_FILE, files).records.filter(
    ({ value: { row } }) => (typeof row === "string" || typeof row === "number") && !known.has(String(row)),
  );
  const [first] = gone;
  if (!first) return;
  const ids = [...new Set(gone.map(({ value }) => String(value["row"])))];
  const named = ids.slice(0, MOST_NAMED).join(", ");
  const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : "";
  const message = `${gone.length} labels are of rows that no dataset has: ${named}${more}. They count for nothing.`;
  findings.warning(
    LABELS_FILE,
    { ...START, line: first.line },
    message,
    "Remove them, or bring the rows back.",
  );
}
