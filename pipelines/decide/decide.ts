import type { Report, RequirementResult, Verdict, VerdictOutcome } from "../../shared/model/run.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";
import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import { addEvidence } from "../../shared/gate/add-evidence.ts";
import { applyFinding } from "../../shared/gate/apply-finding.ts";
import { judgeFairness } from "../../shared/gate/judge-fairness.ts";
import { judgeGate, outcomeOf } from "../../shared/gate/judge-gate.ts";
import { openUnfinished } from "../../shared/gate/open-unfinished.ts";
import { metricFactsOf } from "../../shared/gate/metric-facts.ts";
import { withheldMetrics } from "../../shared/gate/withheld-metrics.ts";
import { failureReasons } from "./row-failures.ts";
import { stopWords } from "../../shared/report/stop-words.ts";

/**
 * The verdict on a report: pure, so that the same report and gate always give the same verdict.
 *
 * Every requirement is compared on all rows, unless the run stopped because the sequential verdict was certain before
 * (docs/verdict.md): then that decides. What is missing never helps: a requirement whose metric lacks rows cannot pass
 * by comparison, and fails only if it would fail with the best values in their place.
 */
export function decide(report: Report, suite: Judged, decidedAt: string): Verdict {
  const { run, sequential } = report;
  const requirements = run.rows === 0 ? [] : judge(report, suite);
  const asked = [...suite.gate, ...(suite.fairness ?? [])];
  const measured = outcomeOf(run.rows, asked, requirements);
  // Rows that nobody could pay for are no pass, however well the others did.
  const outcome = report.stoppedByBudget !== undefined && measured === "pass" ? "inconclusive" : measured;
  return {
    run: run.id,
    flow: run.flow,
    version: run.version,
    suite: run.suite,
    baseline: run.baseline,
    purpose: run.purpose,
    outcome,
    certainAfter:
      sequential?.outcome === undefined
        ? undefined
        : { rows: sequential.rows, ofRows: sequential.ofRows, scope: sequential.scope },
    requirements,
    calls: { ...report.calls, avoided: report.stoppedEarly?.callsAvoided ?? 0 },
    reasons: reasonsOf(report, asked, requirements, outcome),
    decidedAt,
  };
}

type Judged = Pick<SuiteManifest["definition"], "gate" | "evaluators" | "judging" | "fairness"> &
  Partial<Pick<SuiteManifest["definition"], "trials">>;

function judge(report: Report, { gate, evaluators, judging, trials = 1 }: Judged): RequirementResult[] {
  const bound = evaluators.map(bindEvaluator);
  const withheld = withheldMetrics(bound, report.calibration ?? [], judging);
  const factsOf = metricFactsOf(bound, withheld);
  const baseline = report.run.baseline === undefined ? undefined : (report.baseline ?? []);
  const compared = judgeGate(gate, report.candidate, baseline, factsOf);
  const exact =
    report.stoppedByBudget === undefined
      ? compared
      : openUnfinished(compared, report.candidate, factsOf, report.run.rows * trials);
  const partial = report.stoppedEarly !== undefined || report.stoppedByBudget !== undefined;
  return [
    ...addEvidence(applyFinding(exact, report.sequential), report.evidence ?? []),
    ...judgeFairness(report.fairness ?? [], withheld, partial),
  ];
}

function reasonsOf(
  report: Report,
  gate: readonly unknown[],
  results: RequirementResult[],
  outcome: VerdictOutcome,
): string[] {
  const { run, sequential, stoppedByBudget } = report;
  if (run.rows === 0) return ["The suite has no rows: nothing was measured, so nothing can pass."];
  if (gate.length === 0) return ["The flow has no gate: say in flow.yaml what must hold."];
  const early =
    sequential?.outcome !== undefined && sequential.rows < sequential.ofRows ? sequential : undefined;
  const stopped = early ? [stopWords(early)] : [];
  if (outcome === "inconclusive" && stoppedByBudget !== undefined) {
    return [`The run ended before its rows were answered. ${stoppedByBudget}`];
  }
  if (outcome === "pass") {
    const rows = early ? `${early.rows} of ${early.ofRows}` : run.rows;
    return [`All ${results.length} requirements hold on ${rows} rows.`, ...stopped];
  }
  return [
    ...(outcome === "inconclusive" ? failureReasons(report) : []),
    ...results.filter((result) => result.outcome === outcome).map((result) => result.reason),
    ...stopped,
  ];
}
