import { sampledPlaces } from "./sampled-places.ts";
import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import type { ReadEvaluator } from "./parse-evaluators.ts";
import type { RowCheck } from "./row-check.ts";

/** Rows without the answer that evaluators compare with are an error that names them. */
export function createGroundTruthCheck(
  evaluators: readonly ReadEvaluator[],
  { yaml, findings, known }: FlowContext,
): RowCheck {
  const needing = evaluators.filter(({ use }) => known.needGroundTruth?.includes(use) === true);
  const lacking = sampledPlaces();
  let rows = 0;
  return {
    add(row) {
      rows += 1;
      if (!row.fields["ground_truth"] && !row.fields["groundTruth"]) lacking.add(row);
    },
    end() {
      const [evaluator] = needing;
      if (lacking.count() === 0 || evaluator === undefined) return;
      const names = needing.map(({ name }) => name).join(", ");
      const message = `${names} compare with ground_truth, which ${lacking.count()} of ${rows} rows lack: ${lacking.words()}.`;
      const remedy = "Add ground_truth to these rows, or take the evaluators out.";
      findings.error(FLOW_FILE, yaml.placeOf(evaluator.at), message, remedy);
    },
  };
}
