import { bindEvaluator } from "../evaluators/bind-evaluator.ts";
import type { Evaluator } from "../evaluators/evaluator.ts";
import { formatDifference, formatInterval } from "../model/format-difference.ts";
import { formatAgainst, formatMetric, requirementWords } from "../model/format-metric.ts";
import type { Changes, SettingChange } from "../model/changes.ts";
import type { Statistic } from "../model/flow.ts";
import type {
  DifferenceView,
  MetricView,
  ReportView,
  RequirementView,
  Shown,
  ShownInterval,
} from "../model/report-view.ts";
import type { DifferenceEvidence, MetricSummary, Report, RequirementResult, Verdict } from "../model/run.ts";
import { type SuiteManifest, versionName } from "../model/version.ts";
import type { Interval } from "../statistics/interval.ts";
import { datasetWords } from "./dataset-words.ts";
import { outcomeWords } from "./outcome-words.ts";
import { evidenceSections } from "./evidence-sections.ts";
import { plainCharacters } from "./plain-characters.ts";
import { type RowThresholds, rowView } from "./row-view.ts";
import { spendWords } from "./spend-words.ts";
import { stopWords } from "./stop-words.ts";

/**
 * A run as people read it, from its report, its verdict and the suite they go by. Pure: the same inputs give the same
 * view. Without the suite (a platform that keeps none) rows say no thresholds.
 */
export function reportView(
  report: Report,
  verdict: Verdict,
  suite: Pick<SuiteManifest["definition"], "evaluators"> | undefined,
  changes: Changes | undefined,
  suiteSettings: readonly SettingChange[] = [],
): ReportView {
  const { run, calls, spend, candidate, baseline } = report;
  const thresholds = rowThresholds((suite?.evaluators ?? []).map(bindEvaluator));
  return {
    flow: run.flow,
    version: run.version,
    run: run.id,
    suite: run.suite,
    baseline: run.baseline,
    purpose: run.purpose,
    outcome: verdict.outcome,
    headline: `${versionName(run.flow, run.version)} ${outcomeWords(verdict)}`,
    reasons: verdict.reasons.map(plainCharacters),
    notices: report.notices.map(plainCharacters),
    requirements: verdict.requirements.map(requirementView),
    metrics: candidate.map((summary) =>
      metricView(
        summary,
        baseline?.find(({ metric }) => metric === summary.metric),
        thresholds,
      ),
    ),
    rows: rowsUsed(report),
    calls: {
      made: calls.made,
      savedByCache: calls.saved,
      savedByStopping: report.stoppedEarly?.callsAvoided ?? 0,
    },
    spent: spend && plainCharacters(spendWords(spend)),
    cost: costOf(candidate),
    models: run.models,
    evidence: evidenceSections(report),
    worst: report.worst.map((result) => rowView(result, thresholds)),
    changes,
    datasetChanges: datasetWords(run.datasetChange),
    suiteChanges: suiteSettings.map(({ name, before, after }) =>
      plainCharacters(`${name}: ${before ?? "not set"} before, ${after ?? "not set"} now.`),
    ),
    plannedAt: run.plannedAt,
    completedAt: report.completedAt,
    decidedAt: verdict.decidedAt,
    author: run.commit?.author && plainCharacters(run.commit.author),
    commit: run.commit?.commit && plainCharacters(run.commit.commit),
  };
}

/** A requirement as people read it: each number with its text, in as many digits as tell it apart from its limit. */
export function requirementView(result: RequirementResult): RequirementView {
  const { metric, statistic, kind, outcome, comparison, reason, power } = result;
  const [value, limit] = [finite(result.value), finite(result.limit)];
  const texts = formatAgainst(metric, statistic, value, limit);
  return {
    name: requirementWords(result),
    metric,
    statistic,
    kind,
    outcome,
    value: { value, text: texts.value },
    comparison,
    limit: { value: limit, text: limit === null ? "–" : `${comparison === ">=" ? "≥" : "≤"} ${texts.limit}` },
    baseline: shown(metric, statistic, result.baseline),
    interval: shownInterval(metric, statistic, result.interval, false),
    difference: result.difference && differenceView(metric, statistic, result.difference),
    reason: plainCharacters(reason),
    power: power && plainCharacters(power),
  };
}

function differenceView(
  metric: string,
  statistic: Statistic,
  { value, interval, pValue, pairs }: DifferenceEvidence,
): DifferenceView | undefined {
  if (!Number.isFinite(value)) return undefined;
  return {
    value,
    text: formatDifference(metric, statistic, value),
    interval: shownInterval(metric, statistic, interval, true),
    pValue: finite(pValue),
    pairs,
  };
}

function shownInterval(
  metric: string,
  statistic: Statistic,
  interval: Interval | undefined,
  difference: boolean,
): ShownInterval | undefined {
  if (!interval || !Number.isFinite(interval.low) || !Number.isFinite(interval.high)) return undefined;
  const { low, high } = interval;
  return { low, high, text: formatInterval(metric, statistic, { low, high }, difference) };
}

function metricView(
  summary: MetricSummary,
  baseline: MetricSummary | undefined,
  thresholds: RowThresholds,
): MetricView {
  const { metric, defects, scored, rows } = summary;
  return {
    metric,
    mean: shown(metric, "mean", summary.mean),
    passRate: shown(metric, "passRate", summary.passRate),
    p95: shown(metric, "p95", summary.p95),
    defects,
    scored,
    rows,
    baselineMean: shown(metric, "mean", baseline?.mean),
    rowThreshold: thresholds.get(metric),
  };
}

/** What a row has to reach, by metric. Said once: summaries and rows both show this. */
function rowThresholds(evaluators: readonly Evaluator[]): RowThresholds {
  return new Map(
    evaluators.map(({ name, direction, threshold }) => [
      name,
      `${direction === "higher" ? "≥" : "≤"} ${formatMetric(name, "mean", threshold)}`,
    ]),
  );
}

/** Simulated: 86 to 95 of 100 intervals hold the true difference then, by how near it is to what decides. */
const ENDED_BY_RESULTS =
  "Its intervals are those of so many rows chosen beforehand: as the results chose the moment, they hold a little less often than 95 times in 100.";

function rowsUsed({ run, rowsUsed, stoppedEarly, stoppedByBudget, sequential }: Report): ReportView["rows"] {
  const used = rowsUsed ?? run.rows;
  if (stoppedEarly) {
    const { outcome, afterRows, ofRows } = stoppedEarly;
    const why = stopWords({ outcome, rows: afterRows, ofRows, alpha: sequential?.alpha ?? 0.05 });
    // A row counts once for each of its trials.
    return { used, of: used - afterRows + ofRows, why: `${why} ${ENDED_BY_RESULTS}` };
  }
  const of = Math.max(used, run.rows);
  if (stoppedByBudget !== undefined) return { used, of, why: plainCharacters(stoppedByBudget) };
  return { used, of, why: used < of ? "The run ended before every row was in." : "Every row was used." };
}

function costOf(candidate: readonly MetricSummary[]): ReportView["cost"] {
  const summary = candidate.find(({ metric }) => metric === "cost");
  const total = summary?.mean == null || summary.missing > 0 ? null : finite(summary.mean * summary.scored);
  return { total, text: total === null ? "unknown" : formatMetric("cost", "mean", total) };
}

function shown(metric: string, statistic: Statistic, value: number | null | undefined): Shown {
  const found = finite(value);
  return { value: found, text: formatMetric(metric, statistic, found) };
}

/** JSON has no NaN and no infinity. */
function finite(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? value : null;
}
