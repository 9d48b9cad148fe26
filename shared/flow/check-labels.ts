import type { EvaluatorReference, FlowFiles } from "../model/flow.ts";
import type { CheckContext } from "./meant-file.ts";
import { createFindings, START, type Findings } from "./diagnostics.ts";
import type { FileRecord } from "./file-record.ts";
import type { KnownNames } from "./flow-context.ts";
import { LABELS_FILE, labelSchema } from "./label-schema.ts";
import { CUSTOM_JUDGE } from "./judge-prompt-path.ts";
import { suggestion } from "./nearest-name.ts";
import { isFields } from "./prompty-property.ts";
import { recordsAt } from "./records.ts";
import { reportSchemaIssues } from "./report-schema-issues.ts";
import type { RowCheck } from "./row-check.ts";

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
  for (const { value, line } of recordsAt(LABELS_FILE, files, findings)) {
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
export function createLabelledRowsCheck({ files, findings }: CheckContext): RowCheck {
  const labelled = new Map<string, { labels: number; line: number }>();
  for (const { value, line } of recordsIn(files)) {
    const { row } = value;
    if (typeof row !== "string" && typeof row !== "number") continue;
    const known = labelled.get(String(row)) ?? { labels: 0, line };
    labelled.set(String(row), { ...known, labels: known.labels + 1 });
  }
  let any = false;
  return {
    add({ id }) {
      any = true;
      labelled.delete(id);
    },
    end() {
      const [first] = labelled.values();
      // Without rows, why there are none is said already.
      if (!any || !first) return;
      const ids = [...labelled.keys()];
      const named = ids.slice(0, MOST_NAMED).join(", ");
      const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : "";
      const gone = [...labelled.values()].reduce((sum, { labels }) => sum + labels, 0);
      const what = gone === 1 ? "1 label is of a row" : `${gone} labels are of rows`;
      const counts = gone === 1 ? "It counts" : "They count";
      const message = `${what} that no dataset has: ${named}${more}. ${counts} for nothing.`;
      const remedy =
        gone === 1 ? "Remove it, or bring the row back." : "Remove them, or bring the rows back.";
      findings.warning(LABELS_FILE, { ...START, line: first.line }, message, remedy);
    },
  };
}

function recordsIn(files: FlowFiles): Iterable<FileRecord> {
  return files.has(LABELS_FILE) ? recordsAt(LABELS_FILE, files, createFindings()) : [];
}
