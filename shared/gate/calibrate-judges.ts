import { weightedKappa, cohenKappa } from "../statistics/cohen-kappa.ts";
import {
  addCluster,
  clusterInterval,
  clusterMean,
  type ClusterSums,
  emptyClusterSums,
} from "../statistics/cluster-sums.ts";
import { predictionPoweredMean } from "../statistics/prediction-powered-mean.ts";
import type { Evaluator } from "../evaluators/evaluator.ts";
import { restsOnJudge } from "../evaluators/rests-on-judge.ts";
import type { JudgeCalibration } from "../model/calibration.ts";
import type { JudgedAnswer } from "../model/judged-answer.ts";

/** More are counted, and not listed. */
const MOST_DISAGREEMENTS = 20;

interface Compared {
  answer: JudgedAnswer;
  human: number;
  judge: number;
}

/**
 * How far each judge of a suite agrees with people. `predictions` are the sums of what the judge says of the run's own
 * rows, by metric: with them the mean that people would give is estimated.
 */
export function calibrateJudges(
  judged: readonly JudgedAnswer[],
  evaluators: readonly Pick<Evaluator, "name" | "kind" | "passes" | "scale">[],
  predictions: ReadonlyMap<string, ClusterSums> = new Map(),
): JudgeCalibration[] {
  return evaluators.filter(restsOnJudge).map(({ name, passes, scale }) => {
    const labelled = judged.filter(({ human }) => human[name] !== undefined);
    const compared = labelled.flatMap((answer): Compared[] => {
      const [human, judge] = [answer.human[name], answer.judge[name]?.value];
      return human === undefined || judge === null || judge === undefined ? [] : [{ answer, human, judge }];
    });
    const misses = missesOf(compared);
    const bias = clusterMean(misses);
    const powered = predictionPoweredMean(
      predictions.get(name) ?? emptyClusterSums(),
      misses,
      scale.max - scale.min,
    );
    const apart = compared.filter(({ human, judge }) => passes(human) !== passes(judge));
    return {
      metric: name,
      labels: compared.length,
      missing: labelled.length - compared.length,
      agreement: cohenKappa(compared.map(({ human, judge }) => [passes(human), passes(judge)])),
      weighted: weightedKappa(compared.map(({ human, judge }) => [human, judge])),
      bias: bias && { value: bias.mean, interval: clusterInterval(misses) },
      corrected: powered,
      disagreed: apart.length,
      disagreements: apart
        .toSorted((a, b) => Math.abs(b.judge - b.human) - Math.abs(a.judge - a.human))
        .slice(0, MOST_DISAGREEMENTS)
        .map(({ answer: { row, question, answer, judge: said, note }, human, judge }) => ({
          row,
          question,
          answer,
          human,
          judge,
          reason: said[name]?.reason,
          note,
        })),
    };
  });
}

/** Judge minus people. Hard rows were chosen because the judge may err there: they say nothing of its mean error. */
function missesOf(compared: readonly Compared[]): ClusterSums {
  const sums = emptyClusterSums();
  const clusters = Map.groupBy(
    compared.filter(({ answer }) => !answer.hard),
    ({ answer }) => answer.cluster,
  );
  for (const members of clusters.values())
    addCluster(
      sums,
      members.map(({ human, judge }) => judge - human),
    );
  return sums;
}
