import type { RowResult, RunPlan } from "../../shared/model/run.ts";
import {
  EVALUATION_NAME,
  EVALUATION_RESULT,
  EVALUATION_SCORE_LABEL,
  EVALUATION_SCORE_VALUE,
  FLOWGATE_FLOW,
  FLOWGATE_SOURCE,
  FLOWGATE_VERSION,
} from "../../shared/model/telemetry-names.ts";
import { scoreLabel } from "../../shared/model/score-label.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";

/**
 * One `gen_ai.evaluation.result` event a score, as OpenTelemetry's GenAI conventions name it. The judge's
 * explanation may quote the answer, so it stays in the report and out of telemetry.
 */
export function reportScores(
  plan: RunPlan,
  results: RowResult[],
  { telemetry }: { telemetry: Telemetry },
): void {
  for (const { row, candidate } of results) {
    // Made to be compared with another row: a dashboard's means are of the rows that people wrote.
    if (row.as === "counterfactual") continue;
    for (const [name, score] of Object.entries(candidate.scores)) {
      telemetry.event(EVALUATION_RESULT, {
        [EVALUATION_NAME]: name,
        [EVALUATION_SCORE_VALUE]: score.value ?? undefined,
        [EVALUATION_SCORE_LABEL]: scoreLabel(score.passed),
        [FLOWGATE_SOURCE]: "offline",
        [FLOWGATE_FLOW]: plan.flow,
        [FLOWGATE_VERSION]: plan.version,
        "flowgate.suite": plan.suite,
        "flowgate.run": plan.id,
        "flowgate.row": row.id,
      });
    }
  }
}
