import type { PlacedRow } from "./dataset-rows.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import type { ReadEvaluator } from "./parse-evaluators.ts";

const SHOWN_LINES = 5;

/** Rows without the answer that evaluators compare with are an error that names them. */
export function checkGroundTruth(
  evaluators: readonly ReadEvaluator[],
  rows: readonly PlacedRow[],
  { yaml, findings, known }: FlowContext,
): void {
  const needing = evaluators.filter(({ use }) => known.needGroundTruth?.includes(use) === true);
  const lacking = rows.filter(({ fields }) => !fields.ground_truth && !fields.groundTruth);
  const [evaluator] = needing;
  if (lacking.length === 0 || evaluator === undefined) return;
  const where = lacking.slice(0, SHOWN_LINES).map(({ file, line }) => `${file}:${line}`);
  const more = lacking.length > SHOWN_LINES ? ` and ${lacking.length - SHOWN_LINES} more` : "";
  const names = needing.map(({ name }) => name).join(", ");
  const message = `${names} compare with ground_truth, which ${lacking.length} of ${rows.length} rows lack: ${where.join(", ")}${more}.`;
  const remedy = "Add ground_truth to these rows, or take the evaluators out.";
  findings.error(FLOW_FILE, yaml.placeOf(evaluator.at), message, remedy);
}
