import type { MeasuredRows } from "../evaluation/measured-rows.ts";
import { rowMetric } from "../evaluation/row-metric.ts";
import type { FairnessMeasure, GapMeasure, GroupMeasure } from "../model/fairness.ts";
import type { FairnessRequirement } from "../model/flow.ts";
import type { RowResult } from "../model/run.ts";
import {
  addCluster,
  clusterInterval,
  clusterMean,
  type ClusterSums,
  emptyClusterSums,
} from "../statistics/cluster-sums.ts";
import { addGroupedCluster, emptyGroupSums, type Gap, groupGaps } from "../statistics/group-sums.ts";
import { CONFIDENCE, type Interval } from "../statistics/interval.ts";
import { clustersForError, leastError } from "../statistics/least-error.ts";
import { neededRows } from "../statistics/needed-rows.ts";
import { normalQuantile } from "../statistics/normal-quantile.ts";
import { criticalT } from "../statistics/student-t.ts";
import type { FactsOf } from "./metric-facts.ts";

/** Folds rows into the gaps that a gate asks for. Memory grows with the groups and the counterfactual rows alone. */
export interface FairnessFold {
  /** A row that substitutions made; before the rows they are compared with. */
  addCounterfactual(result: FairRow): void;
  /** One cluster of rows of one kind: of one conversation or document, or a single row. */
  add(cluster: readonly FairRow[]): void;
  measures(): FairnessMeasure[];
}

type FairRow = Pick<RowResult, "row" | "trial" | "candidate">;

/** Fewer clusters say too little of their spread for any interval to be believed. */
const LEAST_CLUSTERS = 5;
/** What an interval leaves out at either end. */
const TAIL = (1 - CONFIDENCE) / 2;
/** A field with more values is no grouping. */
export const MOST_GROUPS = 50;

export function createFairnessFold(
  requirements: readonly FairnessRequirement[],
  factsOf: FactsOf,
  measured: MeasuredRows = { quality: "quality", safety: "quality" },
): FairnessFold {
  const rangeOf = (metric: string): number => factsOf(metric).max - factsOf(metric).min;
  const parts = requirements.map((requirement) => {
    const { of, by } = requirement;
    const part =
      by === undefined
        ? counterfactualPart(requirement, requirement.counterfactual, rangeOf(of))
        : groupsPart(requirement, by, rangeOf(of));
    return { ...part, rows: factsOf(of).safety ? measured.safety : measured.quality };
  });
  return {
    addCounterfactual: (result) => {
      for (const part of parts) part.addCounterfactual?.(result);
    },
    add: (cluster) => {
      for (const part of parts) if (cluster[0]?.row.as === part.rows) part.add(cluster);
    },
    measures: () => parts.map((part) => part.measure()),
  };
}

interface Part {
  addCounterfactual?: (result: FairRow) => void;
  add(cluster: readonly FairRow[]): void;
  measure(): FairnessMeasure;
}

const NO_GROUPS = { groups: [], ungrouped: 0, tooMany: false, gap: undefined };

function groupsPart(requirement: FairnessRequirement, by: string, range: number): Part {
  const { of, gap: accepted } = requirement;
  const sums = emptyGroupSums();
  const counts = new Map<string, { rows: number; missing: number }>();
  let ungrouped = 0;
  return {
    add(cluster) {
      const measured: { group: string; value: number }[] = [];
      for (const { row, candidate } of cluster) {
        const group = row.groups?.[by];
        if (group === undefined) {
          ungrouped += 1;
          continue;
        }
        if (!counts.has(group) && counts.size > MOST_GROUPS) continue;
        const count = counts.get(group) ?? { rows: 0, missing: 0 };
        counts.set(group, count);
        count.rows += 1;
        const value = rowMetric(candidate, of)?.value;
        if (value === undefined) count.missing += 1;
        else measured.push({ group, value });
      }
      addGroupedCluster(sums, measured);
    },
    measure() {
      const tooMany = counts.size > MOST_GROUPS;
      const needed = neededInEach([...sums.groups.values()], Math.SQRT2, accepted, range);
      const groups = [...counts].map(([group, count]): GroupMeasure => {
        const own = sums.groups.get(group) ?? emptyClusterSums();
        return {
          group,
          ...count,
          clusters: own.clusters,
          mean: clusterMean(own)?.mean ?? null,
          interval: clusterInterval(own),
          enough: isEnough(own, needed),
        };
      });
      groups.sort((a, b) => b.rows - a.rows || (a.group < b.group ? -1 : 1));
      if (tooMany) return { ...NO_GROUPS, requirement, ungrouped, tooMany, needed, pairs: undefined };
      const spread = new Set(groups.filter(isSpread).map(({ group }) => group));
      const believed = groupGaps(sums, range).filter(({ between }) =>
        between.every((group) => spread.has(group)),
      );
      const untold = (group: string): number => {
        const { rows = 1, missing = 0 } = counts.get(group) ?? {};
        return missing === 0 ? 0 : range * (missing / rows);
      };
      const gap = largest(believed, ([one, other]) => untold(one) + untold(other));
      return { requirement, groups, ungrouped, tooMany, needed, gap, pairs: undefined };
    },
  };
}

/** Rows of one cluster that are alike in all clusters say no more than one row of each. */
function isEnough(own: ClusterSums, needed: number): boolean {
  const independent = clusterMean(own)?.standardError === 0 ? own.clusters : own.values;
  return own.clusters >= LEAST_CLUSTERS && independent >= needed;
}

/** `missing`: of all pairs, the share without a difference, which may be anything the scale allows. */
function pairsInterval(differences: ClusterSums, range: number, missing: number): Interval | undefined {
  const found = clusterMean(differences);
  if (found?.standardError === undefined) return undefined;
  const error = Math.max(found.standardError, leastError(differences.clusters, range));
  const untold = missing === 0 ? 0 : 2 * range * missing;
  if (!Number.isFinite(untold)) return undefined;
  const half = criticalT(CONFIDENCE, found.degrees) * error + untold;
  return { low: found.mean - half, high: found.mean + half };
}

/** Whether a group has enough clusters for its interval to be believed. */
export function isSpread({ clusters }: Pick<GroupMeasure, "clusters">): boolean {
  return clusters >= LEAST_CLUSTERS;
}

/**
 * The gap that is widest, with the interval that the intervals of all leave for the widest of the true ones: no less
 * than the highest of their low ends, no more than the farthest that any of them reaches. `untold`: by how much the
 * values that two groups lack could change their difference.
 */
function largest(gaps: readonly Gap[], untold: (between: Gap["between"]) => number): GapMeasure | undefined {
  const [widest] = gaps.toSorted((a, b) => b.value - a.value);
  if (!widest) return undefined;
  const { between, value } = widest;
  const lows = gaps.map((gap) => (gap.interval ? gap.interval.low - untold(gap.between) : Number.NaN));
  const reaches = gaps.map((gap) => (gap.reach ?? Number.NaN) + untold(gap.between));
  const interval = { low: Math.max(0, ...lows), high: Math.max(...reaches) };
  return { between, value, interval: Number.isFinite(interval.high) ? interval : undefined };
}

function counterfactualPart(requirement: FairnessRequirement, name: string, range: number): Part {
  const { of, gap: accepted } = requirement;
  const made = new Map<string, { value: number | undefined; from: "first" | "second" }>();
  const differences = emptyClusterSums();
  let missing = 0;
  const keyOf = (row: string, trial: number): string => JSON.stringify([row, trial]);
  return {
    addCounterfactual({ row: { counterfactual }, trial, candidate }) {
      if (counterfactual?.name !== name) return;
      const value = rowMetric(candidate, of)?.value;
      made.set(keyOf(counterfactual.of, trial), { value, from: counterfactual.from });
    },
    add(cluster) {
      const found = cluster.flatMap(({ row, trial, candidate }) => {
        const swapped = made.get(keyOf(row.id, trial));
        if (!swapped) return [];
        const own = rowMetric(candidate, of)?.value;
        if (own === undefined || swapped.value === undefined) {
          missing += 1;
          return [];
        }
        return [swapped.from === "first" ? swapped.value - own : own - swapped.value];
      });
      addCluster(differences, found);
    },
    measure: () => ({
      ...NO_GROUPS,
      requirement,
      needed: neededInEach([differences], 1, accepted, range),
      pairs: {
        pairs: differences.values,
        missing,
        clusters: differences.clusters,
        difference: clusterMean(differences)?.mean ?? null,
        interval: pairsInterval(differences, range, missing / Math.max(1, missing + differences.values)),
      },
    }),
  };
}

/**
 * The rows of each group with which the interval of a gap lies below the accepted one in 80 % of runs where there is
 * none, by the spread within the groups, each weighted by its clusters: Julious 2004, equivalence of means at no
 * difference. `factor` is √2 for two independent groups, 1 for pairs. Never fewer than it takes had they all the same
 * value.
 */
function neededInEach(
  groups: readonly ClusterSums[],
  factor: number,
  accepted: number,
  range: number,
): number {
  let weights = 0;
  let variance = 0;
  for (const sums of groups) {
    const found = clusterMean(sums);
    if (found?.standardError === undefined) continue;
    weights += found.degrees;
    variance += found.degrees * found.standardError ** 2 * sums.values;
  }
  const deviation = weights === 0 ? 0 : Math.sqrt(variance / weights);
  const alike = clustersForError(accepted / (factor * normalQuantile(1 - TAIL)), range);
  // Both ends must lie within the limit, so that each may miss it in half of the 20 %.
  return Math.max(LEAST_CLUSTERS, alike, neededRows(factor * deviation, accepted, TAIL, 0.9));
}
