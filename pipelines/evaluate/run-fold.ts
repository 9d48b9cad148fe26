import { measuredRows } from "../../shared/evaluation/measured-rows.ts";
import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import type { FoldDesign, FoldedRow } from "../../shared/gate/claim.ts";
import { createGateFold, type GateFoldState } from "../../shared/gate/gate-fold.ts";
import { metricFactsOf } from "../../shared/gate/metric-facts.ts";
import type { WithheldMetrics } from "../../shared/gate/withheld-metrics.ts";
import type { RowResult, RunPlan, SequentialFinding } from "../../shared/model/run.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";

/** `runs/<id>/fold.json`: how far the verdict has come. The same results make the same fold in every process. */
export interface RunFold {
  /** Quality shards folded in, in the plan's order. */
  shards: number;
  state: GateFoldState;
  finding: SequentialFinding;
  /** Why nothing more is folded: the verdict cannot change, every quality shard is in, or a budget is spent. */
  end: "certain" | "complete" | "budget" | undefined;
  /** Which budget, and what to do about it: the safety rows that are not in are not paid for either. */
  budgetReason?: string | undefined;
  /** The shard whose rows made it certain. */
  stoppedAt: string | undefined;
}

/** What a fold needs of one row. */
export type FoldRow = FoldedRow & { cluster: string };

/** A run's verdict as it grows, shard by shard in the plan's order. */
export interface RunFolding {
  /** The shard to fold in next; undefined once it has ended. */
  next(): string | undefined;
  /** The next shard's results, in their order. */
  add(rows: readonly FoldRow[]): void;
  /** Ends it where it is, unless it has ended. */
  stop(budgetReason: string): void;
  now(): RunFold;
}

/** The quality shards in the plan's order. Safety shards always run in full, so there is nothing to fold of them. */
export function qualityShards(plan: RunPlan, suite: SuiteManifest): string[] {
  const quality = new Set(suite.buckets.filter(({ as }) => as === "quality").map(({ name }) => name));
  return plan.shards.filter((shard) => quality.has(shard));
}

/** `withheld`: metrics whose judge settles nothing. `saved`: where another process has come to. */
export function createRunFolding(
  plan: RunPlan,
  suite: SuiteManifest,
  withheld: WithheldMetrics,
  saved?: RunFold,
): RunFolding {
  const shards = qualityShards(plan, suite);
  const { gate, evaluators } = suite.definition;
  const factsOf = metricFactsOf(evaluators.map(bindEvaluator), withheld);
  const fold = createGateFold(gate, designOf(plan, suite), factsOf, saved?.state);
  let folded = saved?.shards ?? 0;
  let stoppedAt = saved?.stoppedAt;
  let budgetReason = saved?.budgetReason;
  const end = (): RunFold["end"] => {
    if (stoppedAt !== undefined) return "certain";
    if (budgetReason !== undefined) return "budget";
    return folded === shards.length ? "complete" : undefined;
  };
  return {
    next: () => (end() === undefined ? shards[folded] : undefined),
    add(rows) {
      for (const cluster of clustersOf(rows)) {
        fold.add(cluster);
        if (!fold.decision()) continue;
        stoppedAt = shards[folded];
        break;
      }
      folded += 1;
    },
    stop(reason) {
      budgetReason ??= reason;
    },
    now: () => ({
      shards: folded,
      state: fold.state(),
      finding: fold.finding(),
      end: end(),
      budgetReason,
      stoppedAt,
    }),
  };
}

/** Rows of one cluster follow one another: a bucket holds whole clusters, and a shard is in order of them. */
export function* clustersOf<T extends { cluster: string }>(rows: Iterable<T>): Generator<T[]> {
  let cluster: T[] = [];
  for (const row of rows) {
    if (cluster.length > 0 && cluster[0]?.cluster !== row.cluster) {
      yield cluster;
      cluster = [];
    }
    cluster.push(row);
  }
  if (cluster.length > 0) yield cluster;
}

export function foldRow({ row, candidate, baseline }: RowResult): FoldRow {
  return { cluster: row.cluster, candidate, baseline };
}

/** A row counts once for each of its trials, which belong together. */
function designOf(plan: RunPlan, suite: SuiteManifest): FoldDesign {
  const { trials } = suite.definition;
  const quality = suite.buckets.filter(({ as }) => as === "quality");
  return {
    clusters: suite.clusters.count,
    rows: quality.reduce((sum, bucket) => sum + bucket.rows, 0) * trials,
    largestCluster: suite.clusters.largest * trials,
    baseline: plan.baseline !== undefined,
    known: plan.known,
    scope: suite.definition.scope ?? "dataset",
    safetyApart: measuredRows(suite).safety === "safety",
    moreAsked: (suite.definition.fairness ?? []).length > 0,
  };
}
