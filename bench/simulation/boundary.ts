import { addCluster, clusterMean, emptyClusterSums } from "../../shared/statistics/cluster-sums.ts";
import { aboveT } from "../../shared/statistics/student-t.ts";
import type { Pair, SimulatedMetric } from "./paired-scores.ts";
import { simulatePair } from "./paired-scores.ts";
import type { Random } from "./random.ts";
import { MARGIN } from "./simulate-run.ts";

/**
 * A dataset that just does not hold, the candidate's loss over all rows being the least that is above the margin; or one
 * that just `holds`. Rows are drawn with a loss of the margin and then, one at a time in random order, made better or
 * worse until that is so.
 */
export function boundaryColumn(metric: SimulatedMetric, rows: number, random: Random, holds = false): Pair[] {
  const pairs = Array.from({ length: rows }, () => simulatePair({ ...metric, difference: -MARGIN }, random));
  const span = metric.kind === "score" ? 4 : 1;
  const worst = metric.kind === "score" ? 1 : 0;
  const target = -(Math.floor(MARGIN * span * rows + 1e-9) + (holds ? 0 : 1));
  let sum = pairs.reduce((total, { candidate, baseline }) => total + candidate - baseline, 0);
  while (sum !== target) {
    const pair = pairs[random.index(rows)];
    const step = sum < target ? 1 : -1;
    const moved = (pair?.candidate ?? 0) + step;
    if (!pair || moved < worst || moved > worst + span) continue;
    pair.candidate = moved;
    sum += step;
  }
  return random.shuffled(pairs);
}

/**
 * After how many rows a one-sided t-test of "worse by less than the margin" passes at 5 %, looked at after every `every`
 * rows; undefined where it never does.
 */
export function peekedTTest(
  metric: SimulatedMetric,
  pairs: readonly Pair[],
  every: number,
): number | undefined {
  const margin = metric.kind === "score" ? MARGIN * 4 : MARGIN;
  const sums = emptyClusterSums();
  for (const [index, { candidate, baseline }] of pairs.entries()) {
    addCluster(sums, [candidate - baseline + margin]);
    if ((index + 1) % every !== 0) continue;
    const { mean = 0, standardError = 0, degrees = 1 } = clusterMean(sums) ?? {};
    if (standardError > 0 && aboveT(mean / standardError, degrees) <= 0.05) return index + 1;
  }
  return undefined;
}
