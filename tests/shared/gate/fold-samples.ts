import { answerWith } from "../../../bench/simulation/paired-scores.ts";
import { createSummariser } from "../../../shared/evaluation/summarise.ts";
import type { FoldDesign, FoldedRow } from "../../../shared/gate/claim.ts";
import { type FactsOf, metricFactsOf } from "../../../shared/gate/metric-facts.ts";
import { EVALUATORS } from "../../../shared/evaluators/registry.ts";
import { createGateFold, type GateFold } from "../../../shared/gate/gate-fold.ts";
import { judgeGate, outcomeOf } from "../../../shared/gate/judge-gate.ts";
import type { GateRequirement } from "../../../shared/model/flow.ts";
import type { RowAnswer, VerdictOutcome } from "../../../shared/model/run.ts";

export const FACTS: FactsOf = metricFactsOf([EVALUATORS.groundedness]);

/** What one version made of a row: `quality` from 1 to 5 passes at 3, null is missing; the rest is operational. */
export interface Measured {
  quality: number | null;
  latencyMs?: number | undefined;
  cost?: number | undefined;
  failed?: boolean;
}

function answerOf({ quality, latencyMs = 100, cost = 0.001, failed = false }: Measured): RowAnswer {
  const passed = quality === null ? undefined : quality >= 3;
  return {
    ...answerWith({ groundedness: { value: quality, passed, reason: undefined } }),
    latencyMs,
    cost,
    answer: failed ? undefined : "answer",
  };
}

export function rowOf(candidate: Measured, baseline?: Measured): FoldedRow {
  return { candidate: answerOf(candidate), baseline: baseline && answerOf(baseline) };
}

/** Rows of the candidate alone, of one quality each. */
export function rowsOf(qualities: readonly (number | null)[]): FoldedRow[] {
  return qualities.map((quality) => rowOf({ quality }));
}

export function requirement(values: Partial<GateRequirement>): GateRequirement {
  return {
    metric: "groundedness",
    statistic: "mean",
    direction: isCounted(values.metric) ? "lower" : "higher",
    threshold: undefined,
    noWorseThan: undefined,
    line: 1,
    ...values,
  };
}

function isCounted(metric = "groundedness"): boolean {
  return metric !== "groundedness";
}

export function atLeast(value: number, values: Partial<GateRequirement> = {}): GateRequirement {
  return requirement({ threshold: { comparison: ">=", value }, ...values });
}

export function atMost(value: number, values: Partial<GateRequirement> = {}): GateRequirement {
  return requirement({ threshold: { comparison: "<=", value }, ...values });
}

export function designOf(
  clusters: readonly (readonly FoldedRow[])[],
  values: Partial<FoldDesign> = {},
): FoldDesign {
  return {
    clusters: clusters.length,
    rows: clusters.reduce((sum, cluster) => sum + cluster.length, 0),
    largestCluster: Math.max(1, ...clusters.map(({ length }) => length)),
    baseline: clusters[0]?.[0]?.baseline !== undefined,
    scope: "dataset",
    ...values,
  };
}

/** Folds until the decision is there, or all rows are in. */
export function foldAll(
  gate: readonly GateRequirement[],
  clusters: readonly (readonly FoldedRow[])[],
  values: Partial<FoldDesign> = {},
  factsOf = FACTS,
): GateFold {
  const fold = createGateFold(gate, designOf(clusters, values), factsOf);
  for (const cluster of clusters) {
    fold.add(cluster);
    if (fold.decision()) break;
  }
  return fold;
}

/** Every row a cluster of its own. */
export function singles(rows: readonly FoldedRow[]): FoldedRow[][] {
  return rows.map((row) => [row]);
}

/** What the exact comparison says of all rows. */
export function exactOutcome(gate: readonly GateRequirement[], rows: readonly FoldedRow[]): VerdictOutcome {
  const candidate = createSummariser(["groundedness"]);
  const baseline = createSummariser(["groundedness"]);
  let compared = false;
  for (const row of rows) {
    candidate.add(row.candidate);
    if (!row.baseline) continue;
    baseline.add(row.baseline);
    compared = true;
  }
  const results = judgeGate(gate, candidate.summaries(), compared ? baseline.summaries() : undefined, FACTS);
  return outcomeOf(rows.length, gate, results);
}
