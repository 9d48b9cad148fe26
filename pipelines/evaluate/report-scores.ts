import type { RowResult, RunPlan } from "../../shared/model/run.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";

/**
 * One `gen_ai.evaluation.result` event a score, as OpenTelemetry's GenAI conventions name it. The judge's
 * explanation may quote the answer, so it stays in the report and out of telemetry.
 */
export function reportScores(plan: RunPlan, results: RowResult[], { telemetry }: { telemetry: Telemetry }): void {
  for (const { row, candidate } of results) {
    for (const [name, score] of Object.entries(candidate.scores)) {
      telemetry.event("gen_ai.evaluation.result", {
        "gen_ai.evaluation.name": name,
        "gen_ai.evaluation.score.value": score.value ?? undefined,
        "gen_ai.evaluation.score.label": labelOf(score.passed),
        "flowgate.flow": plan.flow,
        "flowgate.version": plan.version,
        "flowgate.suite": plan.suite,
        "flowgate.run": plan.id,
        "flowgate.row": row.id,
      });
    }
  }
}

function labelOf(passed: boolean | undefined): string {
  if (passed === undefined) return "missing";
  return passed ? "pass" : "fail";
}
