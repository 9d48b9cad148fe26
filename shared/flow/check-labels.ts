import type { FlowFiles } from "../model/flow.ts";
import { START, type Findings } from "./diagnostics.ts";
import { LABELS_FILE, labelSchema } from "./label-schema.ts";
import { suggestion } from "./nearest-name.ts";
import { isFields } from "./prompty-property.ts";
import { readRecords } from "./records.ts";
import { reportSchemaIssues } from "./report-schema-issues.ts";

/** Checks `data/labels.jsonl` where the flow has one. `evaluators` are the names a label may score by. */
export function checkLabels(files: FlowFiles, evaluators: readonly string[], findings: Findings): void {
  if (!files.has(LABELS_FILE)) return;
  const { records, diagnostics } = readRecords(LABELS_FILE, files);
  findings.list.push(...diagnostics);
  for (const { value, line } of records) {
    const place = { ...START, line };
    const parsed = labelSchema.safeParse(value);
    if (!parsed.success) reportSchemaIssues(parsed.error, LABELS_FILE, () => place, findings.error);
    const { scores } = value;
    const unknown = Object.keys(isFields(scores) ? scores : {}).filter((name) => !evaluators.includes(name));
    if (unknown.length > 0) {
      const message = `There is no evaluator ${unknown.join(", ")}.`;
      findings.error(LABELS_FILE, place, message, suggestion(unknown[0] ?? "", evaluators, "evaluators"));
    }
  }
}
