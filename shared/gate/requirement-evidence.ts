import { rowMetric } from "../evaluation/row-metric.ts";
import type { GateRequirement } from "../model/flow.ts";
import type { DifferenceEvidence, RequirementEvidence } from "../model/run.ts";
import {
  addCluster,
  clusterInterval,
  clusterMean,
  type ClusterSums,
  emptyClusterSums,
} from "../statistics/cluster-sums.ts";
import { clusteredShareInterval } from "../statistics/clustered-share.ts";
import { neededRows } from "../statistics/needed-rows.ts";
import { nonInferiorityPValue } from "../statistics/non-inferiority.ts";
import { rowsForZeroDefects } from "../statistics/rows-for-zero-defects.ts";
import type { FoldedRow } from "./claim.ts";
import type { FactsOf } from "./metric-facts.ts";
import { type RelativeMargin, relativeMargin } from "./relative-margin.ts";

/** Folds rows into how sure each requirement's figures are, in constant memory. */
export interface EvidenceFold {
  /** One cluster: rows of one conversation or document, or a single row. */
  add(cluster: readonly FoldedRow[]): void;
  evidence(): RequirementEvidence[];
}

export function createEvidenceFold(gate: readonly GateRequirement[], factsOf: FactsOf): EvidenceFold {
  const parts = gate.flatMap((requirement) => [
    ...(requirement.threshold ? [createPart(requirement, undefined)] : []),
    ...(requirement.noWorseThan
      ? [createPart(requirement, pairing(requirement, requirement.noWorseThan, factsOf))]
      : []),
  ]);
  let rows = 0;
  return {
    add(cluster) {
      rows += cluster.length;
      for (const part of parts) part.add(cluster);
    },
    evidence: () => parts.map((part) => part.evidence(rows)),
  };
}

interface Pairing {
  margin: NonNullable<GateRequirement["noWorseThan"]>;
  shape: RelativeMargin | undefined;
}

function pairing(requirement: GateRequirement, margin: Pairing["margin"], factsOf: FactsOf): Pairing {
  return { margin, shape: relativeMargin(requirement, margin, factsOf(requirement.metric)) };
}

function createPart(
  { metric, statistic }: GateRequirement,
  pairs: Pairing | undefined,
): { add(cluster: readonly FoldedRow[]): void; evidence(rows: number): RequirementEvidence } {
  const own = emptyClusterSums();
  const differences = emptyClusterSums();
  const weighted = emptyClusterSums();
  const baseline = emptyClusterSums();
  const shape = pairs?.shape;
  return {
    add(cluster) {
      addCluster(
        own,
        cluster.flatMap(({ candidate }) => {
          const measured = rowMetric(candidate, metric);
          const value = statistic === "passRate" ? measured?.passed : measured?.value;
          return value === undefined ? [] : [Number(value)];
        }),
      );
      if (!shape) return;
      const both = cluster.flatMap((row) => {
        const c = shape.read(row.candidate);
        const b = row.baseline && shape.read(row.baseline);
        return c === undefined || b === undefined ? [] : [{ c, b }];
      });
      addCluster(
        differences,
        both.map(({ c, b }) => c - b),
      );
      addCluster(
        weighted,
        both.map(({ c, b }) => shape.candidate * c + shape.baseline * b),
      );
      addCluster(
        baseline,
        both.map(({ b }) => b),
      );
    },
    evidence: (rows) => ({
      metric,
      statistic,
      kind: pairs ? "relative" : "absolute",
      interval: intervalOf(own, statistic),
      difference:
        pairs && shape && differenceOf({ differences, weighted, baseline }, pairs.margin, shape, rows),
    }),
  };
}

function intervalOf(
  sums: ClusterSums,
  statistic: GateRequirement["statistic"],
): RequirementEvidence["interval"] {
  if (statistic === "mean") return clusterInterval(sums);
  return statistic === "passRate" || statistic === "rate" ? clusteredShareInterval(sums) : undefined;
}

function differenceOf(
  { differences, weighted, baseline }: Record<"differences" | "weighted" | "baseline", ClusterSums>,
  margin: Pairing["margin"],
  shape: RelativeMargin,
  rows: number,
): DifferenceEvidence | undefined {
  const difference = clusterMean(differences);
  const spread = clusterMean(weighted);
  if (!difference || !spread) return undefined;
  const constant = shape.constant(rows);
  // The margin moves every value alike: it needs no sums of its own.
  const slack = { ...weighted, origin: weighted.origin + constant };
  const worst =
    constant +
    Math.min(shape.candidate * shape.min, shape.candidate * shape.max) +
    Math.min(shape.baseline * shape.min, shape.baseline * shape.max);
  const accepted =
    "absolute" in margin ? constant : margin.relative * Math.abs(clusterMean(baseline)?.mean ?? 0);
  const deviation =
    spread.standardError === undefined ? undefined : spread.standardError * Math.sqrt(weighted.values);
  return {
    value: difference.mean,
    interval: clusterInterval(differences),
    pValue: nonInferiorityPValue(slack, Number.isFinite(worst) ? worst : undefined),
    pairs: differences.values,
    accepted,
    neededPairs: neededPairs(deviation, accepted, shape),
  };
}

/** Pairs that are all alike say nothing of their spread: then as many as show that no rare loss is that large. */
function neededPairs(
  deviation: number | undefined,
  accepted: number,
  { min, max }: RelativeMargin,
): number | undefined {
  if (deviation === undefined || accepted === 0) return undefined;
  const range = max - min;
  if (deviation === 0) return Number.isFinite(range) ? rowsForZeroDefects(accepted / range) : undefined;
  return neededRows(deviation, accepted);
}
