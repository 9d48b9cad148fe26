import { rowMetric } from "../../shared/evaluation/row-metric.ts";
import type { Evaluator } from "../../shared/evaluators/evaluator.ts";
import { capBreach, meanCap } from "../../shared/gate/mean-cap.ts";
import { measuredValue } from "../../shared/gate/measured-value.ts";
import type { FactsOf } from "../../shared/gate/metric-facts.ts";
import type { GateRequirement } from "../../shared/model/flow.ts";
import type { MetricSummary, RowResult, Score } from "../../shared/model/run.ts";

const KEPT = 10;
/** More than all scores of a row can come to: such a row decides the whole run. */
const DECIDES_ALONE = 1e6;
const AT_THE_BAD_END = 0.99;

/** By what rows are found to need a reader. */
export interface RowJudgement {
  evaluators: readonly Pick<Evaluator, "name" | "scale" | "direction">[];
  gate: readonly GateRequirement[];
  factsOf: FactsOf;
  /** What the baseline measured on every row, where an earlier run has it. */
  known?: readonly MetricSummary[] | undefined;
  /** Metrics that say nothing in this run. */
  unmeasured?: readonly string[];
}

/**
 * Keeps the rows that most need a reader: those without an answer and those that fail the run alone, then those with
 * most failed scores, of which the farthest from the good end of their scale first, then those that lost most
 * against the baseline where the gate compares.
 */
export function createWorstRows(judgement: RowJudgement): {
  add(result: RowResult): void;
  rows(): RowResult[];
} {
  let kept: { result: RowResult; badness: number }[] = [];
  return {
    add(result) {
      const badness = badnessOf(result, judgement);
      if (badness === 0) return;
      kept.push({ result, badness });
      if (kept.length > KEPT * 4) kept = keepWorst(kept);
    },
    rows: () => keepWorst(kept).map(({ result }) => result),
  };
}

function badnessOf(result: RowResult, judgement: RowJudgement): number {
  const { candidate } = result;
  if (candidate.answer === undefined && candidate.refusal === undefined) return Number.MAX_SAFE_INTEGER;
  const { evaluators, unmeasured = [] } = judgement;
  const scores = Object.entries(candidate.scores).filter(([name]) => !unmeasured.includes(name));
  const failed = scores.filter(([, { passed }]) => passed !== true).length;
  const far = scores.reduce((sum, [name, score]) => {
    const evaluator = evaluators.find((known) => known.name === name);
    return sum + (evaluator ? distance(score, evaluator) : 0);
  }, 0);
  const alone = failsAlone(result, judgement) ? DECIDES_ALONE : 0;
  // Both are below 1, so that neither outweighs another failed score.
  const lost = lossOf(result, judgement) / 2;
  return alone + failed + (failed > 0 ? far / (2 * scores.length + 1) : 0) + lost;
}

/** From 0, the good end of the scale, to the bad one; what is missing is at 1, a little farther than that. */
function distance(
  { value }: Score,
  { scale: { min, max }, direction }: RowJudgement["evaluators"][number],
): number {
  if (value === null) return 1;
  const share = Math.min(1, Math.max(0, (value - min) / (max - min)));
  return AT_THE_BAD_END * (direction === "higher" ? 1 - share : share);
}

/** Whether one value is above what any row may have where the mean is limited. */
function failsAlone({ candidate }: RowResult, { gate, factsOf, known }: RowJudgement): boolean {
  return gate.some((requirement) => {
    const { metric, statistic } = requirement;
    const summary = known?.find((found) => found.metric === metric);
    const cap = meanCap(requirement, factsOf(metric), measuredValue(summary, statistic));
    return capBreach(metric, rowMetric(candidate, metric)?.value, cap) !== undefined;
  });
}

/** The largest share of a scale by which the row is worse than the baseline's, of the metrics that are compared; below 1. */
function lossOf({ candidate, baseline }: RowResult, { evaluators, gate }: RowJudgement): number {
  if (!baseline) return 0;
  const losses = evaluators.map((evaluator) => {
    const { name } = evaluator;
    if (!gate.some(({ metric, noWorseThan }) => metric === name && noWorseThan)) return 0;
    const [score, before] = [candidate.scores[name], baseline.scores[name]];
    if (!score || !before || before.value === null) return 0;
    return distance(score, evaluator) - distance(before, evaluator);
  });
  return Math.max(0, ...losses) * 0.99;
}

function keepWorst(rows: { result: RowResult; badness: number }[]): { result: RowResult; badness: number }[] {
  return rows
    .toSorted((a, b) => b.badness - a.badness || (a.result.row.id < b.result.row.id ? -1 : 1))
    .slice(0, KEPT);
}
