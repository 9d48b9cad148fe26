import { contentHash } from "../model/canonical.ts";
import type { Diagnostic, EvaluationDefinition, FlowFiles } from "../model/flow.ts";
import type { DatasetRow } from "../model/version.ts";
import { datasetRowSchema, NO_INPUT } from "./dataset-row-schema.ts";
import { createFindings, START, type Place } from "./diagnostics.ts";
import { fieldValue } from "./field-text.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { MAX_RECORDS, recordsAt } from "./records.ts";
import { reportSchemaIssues } from "./report-schema-issues.ts";

const ID_LENGTH = 12;

/** A row and where it starts. */
export interface PlacedRow extends DatasetRow, Place {
  file: string;
}

/** The rows of all datasets, each with an id and a hash. Rows without inputs, ids twice and no rows at all are errors. */
export function datasetRows(
  evaluation: Pick<EvaluationDefinition, "datasets"> & Partial<Pick<EvaluationDefinition, "cluster">>,
  files: FlowFiles,
): { rows: DatasetRow[]; diagnostics: Diagnostic[] } {
  const { rows, diagnostics } = placedRows(evaluation, files);
  return { rows: rows.map(({ file: _file, line: _line, column: _column, ...row }) => row), diagnostics };
}

export function placedRows(
  { datasets, cluster }: Parameters<typeof datasetRows>[0],
  files: FlowFiles,
): { rows: PlacedRow[]; diagnostics: Diagnostic[] } {
  const findings = createFindings();
  const rows: PlacedRow[] = [];
  const seen = new Map<string, PlacedRow>();
  for (const { path, as } of datasets) {
    const before = findings.list.length;
    let empty = true;
    for (const { value: fields, file, line, column } of recordsAt(path, files, findings)) {
      empty = false;
      const place = { line, column };
      const parsed = datasetRowSchema.safeParse(fields);
      if (parsed.error?.issues.some(({ message }) => message === NO_INPUT)) {
        findings.error(file, place, NO_INPUT, 'Give it a question: {"question": "..."}.');
        continue;
      }
      if (!parsed.success) {
        // What a row asks must be read; what else it holds may be of any form.
        const asks = parsed.error.issues.some(({ path: [name] }) => name === "turns");
        reportSchemaIssues(parsed.error, file, () => place, asks ? findings.error : findings.warning);
      }
      const hash = contentHash(fields);
      const { id } = fields;
      const named = (typeof id === "string" && id !== "") || typeof id === "number";
      const row: PlacedRow = {
        id: named ? String(id) : hash.slice(0, ID_LENGTH),
        hash,
        cluster: clusterOf(fields, cluster) ?? hash,
        dataset: path,
        as,
        fields,
        file,
        ...place,
      };
      const first = seen.get(row.id);
      if (first !== undefined) {
        const what = named ? `The id ${row.id} is taken` : "The same row is written";
        findings.error(
          file,
          place,
          `${what} by ${first.file}:${first.line}.`,
          "Give every row an id of its own.",
        );
        continue;
      }
      seen.set(row.id, row);
      rows.push(row);
    }
    if (empty && findings.list.length === before) {
      findings.error(
        path,
        START,
        "The dataset has no rows.",
        "Add at least one row, or take it out of flow.yaml.",
      );
    }
  }
  if (rows.length > MAX_RECORDS) {
    findings.error(
      FLOW_FILE,
      START,
      `The datasets have more than ${MAX_RECORDS} rows together.`,
      "Sample them.",
    );
  }
  return { rows, diagnostics: findings.list };
}

/** The name of the group a row belongs to; undefined where it belongs to none. */
function clusterOf(fields: Record<string, unknown>, field: string | undefined): string | undefined {
  const value = field === undefined ? undefined : fieldValue(fields, field);
  return value === undefined || value === null || value === "" ? undefined : contentHash({ cluster: value });
}
