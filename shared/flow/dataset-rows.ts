import { contentHash } from "../model/canonical.ts";
import type { EvaluationDefinition, FlowFiles } from "../model/flow.ts";
import type { DatasetRow } from "../model/version.ts";
import { datasetRowSchema, NO_INPUT } from "./dataset-row-schema.ts";
import { createFindings, START, type Findings, type Place } from "./diagnostics.ts";
import { fieldValue } from "./field-text.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { createIdPlaces } from "./id-places.ts";
import { MAX_RECORDS, recordsAt } from "./records.ts";
import { reportSchemaIssues } from "./report-schema-issues.ts";

const ID_LENGTH = 12;

/** A row and where it starts. */
export interface PlacedRow extends DatasetRow, Place {
  file: string;
  /** It asks several questions, and has the first of them as its own: so many. */
  severalTurns?: number;
}

/** Which datasets, and what groups their rows. */
export type RowSource = Pick<EvaluationDefinition, "datasets"> &
  Partial<Pick<EvaluationDefinition, "cluster">>;

/** The rows of all datasets, one after the other, as far as they can be read. */
export function* rowsOf(source: RowSource, files: FlowFiles): Generator<DatasetRow> {
  for (const { file: _file, line: _line, column: _column, ...row } of placedRows(
    source,
    files,
    createFindings(),
  ))
    yield row;
}

/**
 * The rows of all datasets, one after the other, each with an id and a hash. Rows without inputs, ids twice and no rows
 * at all are errors. Of rows that have gone by, the ids and places are held.
 */
export function* placedRows(
  { datasets, cluster }: RowSource,
  files: FlowFiles,
  findings: Findings,
): Generator<PlacedRow> {
  const places = createIdPlaces();
  let count = 0;
  for (const { path, as } of datasets) {
    const before = findings.list.length;
    let empty = true;
    for (const { value: fields, file, line, column } of recordsAt(path, files, findings)) {
      empty = false;
      const place = { line, column };
      const parsed = datasetRowSchema.safeParse(fields);
      const asksNothing = parsed.error?.issues.some(({ message }) => message === NO_INPUT) === true;
      if (asksNothing) findings.error(file, place, NO_INPUT, 'Give it a question: {"question": "..."}.');
      if (!parsed.success && !asksNothing) {
        // What a row asks must be read; what else it holds may be of any form.
        const asks = parsed.error.issues.some(({ path: [name] }) => name === "turns");
        reportSchemaIssues(parsed.error, file, () => place, asks ? findings.error : findings.warning);
      }
      const hash = contentHash(fields);
      const written = fields["id"];
      const named = (typeof written === "string" && written !== "") || typeof written === "number";
      const id = named ? String(written) : hash.slice(0, ID_LENGTH);
      if (asksNothing && !named) continue;
      const first = places.take(id, file, line);
      if (first !== undefined) {
        const what = named ? `The id ${id} is taken` : "The same row is written";
        findings.error(file, place, `${what} by ${first}.`, "Give every row an id of its own.");
        continue;
      }
      if (asksNothing) continue;
      count += 1;
      yield {
        id,
        hash,
        cluster: clusterOf(fields, cluster) ?? hash,
        dataset: path,
        as,
        fields,
        file,
        ...place,
      };
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
  if (count > MAX_RECORDS) {
    findings.error(
      FLOW_FILE,
      START,
      `The datasets have more than ${MAX_RECORDS} rows together.`,
      "Sample them.",
    );
  }
}

/** The name of the group a row belongs to; undefined where it belongs to none. */
function clusterOf(fields: Record<string, unknown>, field: string | undefined): string | undefined {
  const value = field === undefined ? undefined : fieldValue(fields, field);
  return value === undefined || value === null || value === "" ? undefined : contentHash({ cluster: value });
}
