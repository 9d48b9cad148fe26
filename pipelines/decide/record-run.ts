import type { Report, Verdict } from "../../shared/model/run.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";

/** The run's summary, each metric and each requirement of it as an event of its own, for charts over versions. */
export function recordRun(report: Report, verdict: Verdict, { telemetry }: { telemetry: Telemetry }): void {
  const about = {
    "flowgate.flow": verdict.flow,
    "flowgate.version": verdict.version,
    "flowgate.suite": verdict.suite,
    "flowgate.run": verdict.run,
    "flowgate.baseline": verdict.baseline,
    "flowgate.purpose": verdict.purpose,
  };
  telemetry.event("flowgate.run.completed", {
    ...about,
    "flowgate.verdict": verdict.outcome,
    "flowgate.rows": report.run.rows,
    "flowgate.calls.made": report.calls.made,
    "flowgate.calls.saved": report.calls.saved,
    "flowgate.duration_ms": Date.parse(report.completedAt) - Date.parse(report.run.plannedAt),
  });
  for (const summary of report.candidate) {
    telemetry.event("flowgate.run.metric", {
      ...about,
      "flowgate.metric": summary.metric,
      "flowgate.mean": summary.mean ?? undefined,
      "flowgate.pass_rate": summary.passRate ?? undefined,
      "flowgate.p95": summary.p95 ?? undefined,
      "flowgate.missing": summary.missing,
    });
  }
  for (const requirement of verdict.requirements) {
    telemetry.event("flowgate.run.requirement", {
      ...about,
      "flowgate.metric": requirement.metric,
      "flowgate.statistic": requirement.statistic,
      "flowgate.requirement": requirement.kind,
      "flowgate.outcome": requirement.outcome,
      "flowgate.value": requirement.value ?? undefined,
      "flowgate.baseline_value": requirement.baseline ?? undefined,
      "flowgate.comparison": requirement.comparison,
      "flowgate.threshold": requirement.limit ?? undefined,
    });
  }
}
