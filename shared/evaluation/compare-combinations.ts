import type { Evaluator } from "../evaluators/evaluator.ts";
import { judgeGate, outcomeOf } from "../gate/judge-gate.ts";
import { measuredValue } from "../gate/measured-value.ts";
import { metricFactsOf } from "../gate/metric-facts.ts";
import type { GateRequirement } from "../model/flow.ts";
import type { MetricSummary, RequirementResult, RowAnswer, VerdictOutcome } from "../model/run.ts";
import { holm } from "../statistics/holm.ts";
import type { Interval } from "../statistics/interval.ts";
import {
  metricInterval,
  type MetricStatistic,
  type PairedDifference,
  pairedDifference,
} from "./compare-metric.ts";
import { createSummariser } from "./summarise.ts";

/** The answers of one combination, in the same order of rows for each. */
export interface AnsweredCombination {
  name: string;
  answers: readonly RowAnswer[];
  /** Of the rows; without them every row is a cluster of its own. */
  clusters?: readonly string[];
}

/** A difference and what can be said of it at 5 %, corrected for the number of differences looked at (Holm). */
export interface FoundDifference extends Omit<PairedDifference, "better"> {
  finding: "better" | "worse" | "indistinguishable";
}

export interface ComparedMetric extends MetricStatistic {
  value: number | null;
  interval: Interval | undefined;
  /** Rows that have a value. */
  scored: number;
  /** Undefined for the base, and where there is nothing to compare row by row. */
  againstBase: FoundDifference | undefined;
}

export interface ComparedCombination {
  name: string;
  /** 1 is the best. */
  rank: number;
  outcome: VerdictOutcome;
  requirements: RequirementResult[];
  metrics: ComparedMetric[];
  summaries: MetricSummary[];
  /** Whether no metric of the gate tells it apart from the best. True for the best itself. */
  likeBest: boolean;
}

const LEVEL = 0.05;
const OUTCOMES: VerdictOutcome[] = ["pass", "inconclusive", "fail", "error"];
/** Measured of every combination, asked for by the gate or not. */
const ALWAYS: MetricStatistic[] = [
  { metric: "cost", statistic: "mean", direction: "lower" },
  { metric: "latency", statistic: "mean", direction: "lower" },
];

/**
 * Ranks combinations that answered the same rows, the first of which is the base. Best is who passes the gate, then
 * who leaves less of it unmet, then the higher quality (the mean over the gate's evaluators, each on its scale from 0
 * to 1), then the lower cost, then who is found faster than the base; the base goes before what equals it in all of this.
 * `noWorseThan` is held against the base.
 */
export function compareCombinations(
  answered: readonly [AnsweredCombination, ...AnsweredCombination[]],
  gate: readonly GateRequirement[],
  evaluators: readonly Evaluator[],
): ComparedCombination[] {
  const [base] = answered;
  const factsOf = metricFactsOf(evaluators);
  const gateMetrics = distinct(gate);
  const metrics = distinct([...gateMetrics, ...ALWAYS]);
  const againstBase = foundDifferences(answered, base, metrics);
  const graded = evaluators.filter(
    ({ name }) => gate.length === 0 || gate.some(({ metric }) => metric === name),
  );
  const summariesOf = ({ answers, clusters }: AnsweredCombination): MetricSummary[] => {
    const summariser = createSummariser(evaluators.map(({ name }) => name));
    const grouped = Map.groupBy(answers.keys(), (index) => clusters?.[index] ?? index);
    for (const [cluster, indices] of grouped) {
      for (const index of indices) {
        const answer = answers[index];
        if (answer) summariser.add(answer, String(cluster));
      }
    }
    return summariser.summaries();
  };
  const baseSummaries = summariesOf(base);
  const measured = answered.map((combination, index) => {
    const summaries = index === 0 ? baseSummaries : summariesOf(combination);
    const requirements = judgeGate(
      gate,
      summaries,
      index === 0 ? undefined : baseSummaries,
      factsOf,
      "the base",
    );
    const outcome = outcomeOf(base.answers.length, gate, requirements);
    const compared = metrics.map((metric, at) =>
      compareMetric(combination, metric, summaries, againstBase[index]?.[at]),
    );
    const order = orderOf(outcome, requirements, summaries, graded, compared);
    return { combination, summaries, requirements, outcome, metrics: compared, order };
  });
  const ranked = measured.toSorted((a, b) => compareOrders(a.order, b.order));
  const [best] = ranked;
  const fromBest = foundDifferences(
    ranked.map(({ combination }) => combination),
    best?.combination ?? base,
    gateMetrics,
  );
  return ranked.map(({ combination, order: _order, ...facts }, index) => ({
    name: combination.name,
    rank: index + 1,
    ...facts,
    likeBest: (fromBest[index] ?? []).every((found) => !found || found.finding === "indistinguishable"),
  }));
}

function distinct(listed: readonly MetricStatistic[]): MetricStatistic[] {
  const byName = new Map(
    listed.map(({ metric, statistic, direction }) => [
      `${metric} ${statistic}`,
      { metric, statistic, direction },
    ]),
  );
  return [...byName.values()];
}

function compareMetric(
  { answers }: AnsweredCombination,
  { metric, statistic, direction }: MetricStatistic,
  summaries: readonly MetricSummary[],
  againstBase: FoundDifference | undefined,
): ComparedMetric {
  const summary = summaries.find((known) => known.metric === metric);
  return {
    metric,
    statistic,
    direction,
    value: measuredValue(summary, statistic),
    interval: metricInterval(answers, { metric, statistic }),
    scored: summary?.scored ?? 0,
    againstBase,
  };
}

/** By combination and metric, what sets it apart from the reference; all of them together are one family of tests. */
function foundDifferences(
  answered: readonly AnsweredCombination[],
  reference: AnsweredCombination,
  metrics: readonly MetricStatistic[],
): (FoundDifference | undefined)[][] {
  const differences = answered.map((combination) =>
    metrics.map((metric) =>
      combination === reference
        ? undefined
        : pairedDifference(combination.answers, reference.answers, metric),
    ),
  );
  const all = differences.flat().filter((difference) => difference !== undefined);
  // What is the same on every row cannot be found different, so it is no chance to find something by mistake.
  const tested = all.filter(({ changed }) => changed > 0);
  const corrected = holm(tested.map(({ pValue }) => pValue));
  const pValues = new Map(tested.map((difference, index) => [difference, corrected[index] ?? 1]));
  const found = new Map(
    all.map((difference): [PairedDifference, FoundDifference] => {
      const { better, ...facts } = difference;
      const pValue = pValues.get(difference) ?? 1;
      const finding = pValue > LEVEL ? "indistinguishable" : better ? "better" : "worse";
      return [difference, { ...facts, pValue, finding }];
    }),
  );
  return differences.map((list) => list.map((difference) => difference && found.get(difference)));
}

/** Numbers of which the smaller is the better, the first that differs deciding. */
function orderOf(
  outcome: VerdictOutcome,
  requirements: readonly RequirementResult[],
  summaries: readonly MetricSummary[],
  graded: readonly Evaluator[],
  compared: readonly ComparedMetric[],
): number[] {
  const meanOf = (metric: string): number | null =>
    measuredValue(
      summaries.find((summary) => summary.metric === metric),
      "mean",
    );
  const latency = compared.find(({ metric, statistic }) => metric === "latency" && statistic === "mean");
  const quality = graded.reduce((sum, evaluator) => sum + onUnitScale(evaluator, meanOf(evaluator.name)), 0);
  return [
    OUTCOMES.indexOf(outcome),
    requirements.filter((requirement) => requirement.outcome !== "pass").length,
    // Rounded, so that the order of a sum decides nothing.
    -Number(quality.toFixed(9)),
    meanOf("cost") ?? Infinity,
    // Latency is never twice the same: only a difference that can be told from chance counts.
    { better: -1, indistinguishable: 0, worse: 1 }[latency?.againstBase?.finding ?? "indistinguishable"],
  ];
}

function compareOrders(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
}

/** A mean from 0, the worst of the evaluator's scale, to 1; one that is missing is the worst. */
function onUnitScale({ scale, direction }: Evaluator, mean: number | null): number {
  if (mean === null) return 0;
  const share = (mean - scale.min) / (scale.max - scale.min);
  return direction === "higher" ? share : 1 - share;
}
