import { OPERATIONAL_METRICS } from "../evaluators/operational-metrics.ts";
import { rowMetric } from "../evaluation/row-metric.ts";
import { formatDifference, formatInterval } from "../model/format-difference.ts";
import { formatMetric } from "../model/format-metric.ts";
import type { Statistic } from "../model/flow.ts";
import type { MetricDifference, RowDifferences, RowFlip } from "../model/row-differences.ts";
import type { RowAnswer } from "../model/run.ts";
import {
  addCluster,
  clusterInterval,
  clusterMean,
  type ClusterSums,
  emptyClusterSums,
} from "../statistics/cluster-sums.ts";
import { rowFlip, type RowPair } from "./row-flip.ts";

/** Kept in full; of the others only the number. */
const MOST_FLIPS = 50;

/** Folds pairs into how two versions differ, in constant memory. */
export interface RowDifferenceFold {
  /** The pairs of one cluster: a conversation, a document, or one row with its trials. */
  add(cluster: readonly RowPair[]): void;
  differences(): RowDifferences;
}

export function createRowDifferences(): RowDifferenceFold {
  const parts = new Map<string, Part>();
  const flips: RowFlip[] = [];
  const counts = { pairs: 0, broken: 0, mended: 0 };
  return {
    add(cluster) {
      counts.pairs += cluster.length;
      for (const metric of metricsOf(cluster)) {
        for (const statistic of statisticsOf(metric)) {
          const key = `${metric} ${statistic}`;
          const part = parts.get(key) ?? createPart(metric, statistic);
          parts.set(key, part);
          part.add(cluster);
        }
      }
      for (const pair of cluster) {
        const flip = rowFlip(pair);
        if (!flip) continue;
        counts.broken += flip.scores.some(({ now }) => now === "fails") ? 1 : 0;
        counts.mended += flip.scores.some(({ now }) => now === "passes") ? 1 : 0;
        if (flips.length < MOST_FLIPS) flips.push(flip);
      }
    },
    differences: () => ({
      ...counts,
      metrics: [...parts.values()].flatMap((part) => part.difference() ?? []),
      flips,
    }),
  };
}

function metricsOf(cluster: readonly RowPair[]): string[] {
  const scores = cluster.flatMap(({ before, after }) => [
    ...Object.keys(before.scores),
    ...Object.keys(after.scores),
  ]);
  return [...new Set([...scores, ...Object.keys(OPERATIONAL_METRICS)])];
}

function statisticsOf(metric: string): Statistic[] {
  if (!Object.hasOwn(OPERATIONAL_METRICS, metric)) return ["mean", "passRate"];
  return metric === "errors" || metric === "refusals" ? ["rate"] : ["mean"];
}

interface Part {
  add(cluster: readonly RowPair[]): void;
  difference(): MetricDifference | undefined;
}

function createPart(metric: string, statistic: Statistic): Part {
  const [before, after, differences] = [emptyClusterSums(), emptyClusterSums(), emptyClusterSums()];
  let changed = 0;
  const read = (answer: RowAnswer): number | undefined => {
    const measured = rowMetric(answer, metric);
    const value = statistic === "passRate" ? measured?.passed : measured?.value;
    return value === undefined ? undefined : Number(value);
  };
  return {
    add(cluster) {
      const pairs = cluster.flatMap((pair) => {
        const [old, now] = [read(pair.before), read(pair.after)];
        return old === undefined || now === undefined ? [] : [{ old, now }];
      });
      changed += pairs.filter(({ old, now }) => old !== now).length;
      addCluster(
        before,
        pairs.map(({ old }) => old),
      );
      addCluster(
        after,
        pairs.map(({ now }) => now),
      );
      addCluster(
        differences,
        pairs.map(({ old, now }) => now - old),
      );
    },
    difference: () => differenceOf(metric, statistic, { before, after, differences, changed }),
  };
}

function differenceOf(
  metric: string,
  statistic: Statistic,
  sums: Record<"before" | "after" | "differences", ClusterSums> & { changed: number },
): MetricDifference | undefined {
  const [before, after, difference] = [sums.before, sums.after, sums.differences].map(
    (part) => clusterMean(part)?.mean,
  );
  if (before === undefined || after === undefined || difference === undefined) return undefined;
  const interval = clusterInterval(sums.differences);
  return {
    metric,
    statistic,
    before: { value: before, text: formatMetric(metric, statistic, before) },
    after: { value: after, text: formatMetric(metric, statistic, after) },
    difference: {
      value: difference,
      text: formatDifference(metric, statistic, difference),
      interval: interval && { ...interval, text: formatInterval(metric, statistic, interval, true) },
      pairs: sums.differences.values,
    },
    changed: sums.changed,
  };
}
