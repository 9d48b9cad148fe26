import type { GateRequirement } from "../../shared/model/flow.ts";
import type { Report, RequirementResult, Verdict, VerdictOutcome } from "../../shared/model/run.ts";
import { judgeGate, outcomeOf } from "../../shared/gate/judge-gate.ts";

/**
 * The verdict on a report: pure, so that the same report and gate always give the same verdict.
 *
 * Every requirement is compared on all rows. What is missing never helps: a requirement whose metric lacks rows
 * cannot pass, and fails only if it would fail with the best values in their place. The sequential statistics of
 * verdict.md (stopping early, error rates) take their place here, between the requirements and the outcome.
 */
export function decide(report: Report, gate: GateRequirement[], decidedAt: string): Verdict {
  const { run } = report;
  const requirements =
    run.rows === 0
      ? []
      : judgeGate(gate, report.candidate, run.baseline === undefined ? undefined : (report.baseline ?? []));
  const outcome = outcomeOf(run.rows, gate, requirements);
  return {
    run: run.id,
    flow: run.flow,
    version: run.version,
    suite: run.suite,
    baseline: run.baseline,
    purpose: run.purpose,
    outcome,
    requirements,
    reasons: reasonsOf(run.rows, gate, requirements, outcome),
    decidedAt,
  };
}

function reasonsOf(
  rows: number,
  gate: GateRequirement[],
  results: RequirementResult[],
  outcome: VerdictOutcome,
): string[] {
  if (rows === 0) return ["The suite has no rows: nothing was measured, so nothing can pass."];
  if (gate.length === 0) return ["The flow has no gate: say in flow.yaml what must hold."];
  if (outcome === "pass") return [`All ${results.length} requirements hold on ${rows} rows.`];
  return results.filter((result) => result.outcome === outcome).map((result) => result.reason);
}
