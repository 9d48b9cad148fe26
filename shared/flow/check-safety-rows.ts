import type { FlowContext } from "./flow-context.ts";
import { FLOW_FILE } from "./flow-file.ts";
import type { ReadEvaluation } from "./parse-evaluation.ts";

/** Safety rows that no evaluator measures are answered, paid for, and say nothing: a warning where each is listed. */
export function checkSafetyRows(
  { datasets, evaluators }: Pick<ReadEvaluation, "datasets" | "evaluators">,
  { findings, known }: Pick<FlowContext, "findings" | "known">,
): void {
  const { safety } = known;
  if (safety === undefined || evaluators === undefined) return;
  if (evaluators.some(({ use }) => safety.includes(use))) return;
  for (const { path, as, place } of datasets) {
    if (as !== "safety") continue;
    findings.warning(
      FLOW_FILE,
      place,
      `Nothing measures the rows of ${path}: no evaluator of safety is listed.`,
      `Add one or more of ${safety.join(", ")} to evaluation.evaluators, and to the gate.`,
    );
  }
}
