import { type FactsOf, metricFactsOf } from "../../shared/gate/metric-facts.ts";
import { createGateFold } from "../../shared/gate/gate-fold.ts";
import type { GateRequirement } from "../../shared/model/flow.ts";
import { foldedRows, type Pair, type SimulatedMetric, simulatePair } from "./paired-scores.ts";
import type { Random } from "./random.ts";

/** Three points of a hundred may be lost. */
export const MARGIN = 0.03;

export interface SimulatedRun {
  outcome: "pass" | "fail" | "open";
  /** Of the rows, until the verdict. */
  share: number;
}

/** Pairs of each metric, drawn independently. */
export function simulateColumns(metrics: readonly SimulatedMetric[], rows: number, random: Random): Pair[][] {
  return metrics.map((metric) => Array.from({ length: rows }, () => simulatePair(metric, random)));
}

/** One run of the fold that production uses, one row a cluster, "no worse than the baseline by three points". */
export function simulateRun(metrics: readonly SimulatedMetric[], columns: readonly Pair[][]): SimulatedRun {
  const rows = foldedRows(metrics, columns);
  const design = {
    clusters: rows.length,
    rows: rows.length,
    largestCluster: 1,
    baseline: true,
    scope: "dataset",
  } as const;
  const fold = createGateFold(metrics.map(noWorse), design, factsOf(metrics));
  for (const [index, row] of rows.entries()) {
    fold.add([row]);
    const decision = fold.decision();
    if (decision) return { outcome: decision.outcome, share: (index + 1) / rows.length };
  }
  return { outcome: "open", share: 1 };
}

/** The mean share of rows used over runs with different seeds. */
export function meanShare(
  metrics: readonly SimulatedMetric[],
  rows: number,
  runs: number,
  random: Random,
): number {
  let sum = 0;
  for (let run = 0; run < runs; run += 1) {
    sum += simulateRun(metrics, simulateColumns(metrics, rows, random)).share;
  }
  return sum / runs;
}

function noWorse({ name, kind }: SimulatedMetric): GateRequirement {
  return {
    metric: name,
    statistic: "mean",
    direction: "higher",
    threshold: undefined,
    noWorseThan: { absolute: kind === "score" ? MARGIN * 4 : MARGIN },
    line: 1,
  };
}

function factsOf(metrics: readonly SimulatedMetric[]): FactsOf {
  return metricFactsOf(
    metrics.map(({ name, kind }) => ({
      name,
      kind: "model-graded",
      scale: kind === "score" ? { min: 1, max: 5 } : { min: 0, max: 1 },
    })),
  );
}
