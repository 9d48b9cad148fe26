import { sampledPlaces } from "./sampled-places.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import type { ReadEvaluator } from "./parse-evaluators.ts";
import type { PlacedRow } from "./dataset-rows.ts";
import type { RowCheck } from "./row-check.ts";

/**
 * Rows without the answer that evaluators compare with are an error that names them: quality rows, or safety rows where
 * there are no others. Beside quality rows, nothing compares what safety rows expect.
 */
export function createGroundTruthCheck(
  evaluators: readonly ReadEvaluator[],
  { yaml, findings, known }: FlowContext,
): RowCheck {
  const needing = evaluators.filter(({ use }) => known.needGroundTruth?.includes(use) === true);
  const kinds = { quality: countLacking(), safety: countLacking() };
  return {
    add(row) {
      kinds[row.as === "safety" ? "safety" : "quality"].add(row);
    },
    end() {
      const [evaluator] = needing;
      const { rows, lacking } = kinds[kinds.quality.rows() > 0 ? "quality" : "safety"];
      if (lacking.count() === 0 || evaluator === undefined) return;
      const names = needing.map(({ name }) => name).join(", ");
      const message = `${names} compare with ground_truth, which ${lacking.count()} of ${rows()} rows lack: ${lacking.words()}.`;
      const remedy = "Add ground_truth to these rows, or take the evaluators out.";
      findings.error(FLOW_FILE, yaml.placeOf(evaluator.at), message, remedy);
    },
  };
}

function countLacking() {
  const lacking = sampledPlaces();
  let rows = 0;
  return {
    lacking,
    rows: () => rows,
    add(row: PlacedRow): void {
      rows += 1;
      if (!row.fields["ground_truth"] && !row.fields["groundTruth"]) lacking.add(row);
    },
  };
}
