import { measuredRows } from "../../shared/evaluation/measured-rows.ts";
import { rowMetric } from "../../shared/evaluation/row-metric.ts";
import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import { restsOnJudge } from "../../shared/evaluators/rests-on-judge.ts";
import { calibrateJudges } from "../../shared/gate/calibrate-judges.ts";
import { createFairnessFold } from "../../shared/gate/fairness-fold.ts";
import { metricFactsOf } from "../../shared/gate/metric-facts.ts";
import type { JudgedAnswer } from "../../shared/model/judged-answer.ts";
import type { Report, RowResult } from "../../shared/model/run.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";
import { addCluster, emptyClusterSums } from "../../shared/statistics/cluster-sums.ts";

/** What a report says of its judges and of groups: folded from the rows that metrics are measured on, and counterfactual ones. */
export interface ReportParts {
  /** Counterfactual rows come before those they are made of. */
  addCounterfactual(result: RowResult): void;
  add(cluster: readonly RowResult[]): void;
  parts(): Pick<Report, "calibration" | "fairness">;
}

export function createReportParts(suite: SuiteManifest, judged: readonly JudgedAnswer[]): ReportParts {
  const { definition } = suite;
  const { fairness = [] } = definition;
  const measured = measuredRows(suite);
  const evaluators = definition.evaluators.map(bindEvaluator);
  const gaps = createFairnessFold(fairness, metricFactsOf(evaluators), measured);
  const predictions = new Map(
    judged.length === 0 ? [] : evaluators.filter(restsOnJudge).map(({ name }) => [name, emptyClusterSums()]),
  );
  return {
    addCounterfactual: (result) => gaps.addCounterfactual(result),
    add(cluster) {
      gaps.add(cluster);
      if (cluster[0]?.row.as !== measured.quality) return;
      for (const [metric, sums] of predictions) {
        addCluster(
          sums,
          cluster.flatMap(({ candidate }) => rowMetric(candidate, metric)?.value ?? []),
        );
      }
    },
    parts: () => ({
      calibration: judged.length === 0 ? undefined : calibrateJudges(judged, evaluators, predictions),
      fairness: fairness.length === 0 ? undefined : gaps.measures(),
    }),
  };
}
