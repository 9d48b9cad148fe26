import { RetryLaterError } from "../../shared/errors.ts";
import { evaluateRow } from "../../shared/evaluation/evaluate-row.ts";
import type { VersionUnderTest } from "../../shared/evaluation/version-under-test.ts";
import { evaluatorsFor, measuredRows } from "../../shared/evaluation/measured-rows.ts";
import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import type { RowResult, RunPlan } from "../../shared/model/run.ts";
import type { DatasetRow, SuiteManifest } from "../../shared/model/version.ts";
import { openResultCache } from "../../shared/registry/result-cache.ts";
import { readSuite, readSuiteRows } from "../../shared/registry/version-store.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";
import { rowsInOrder } from "./visiting-order.ts";

/** More rows than a bucket has, so that the rows of an earlier shard come before those of a later one. */
const SHARD_STRIDE = 1_000_000;

/**
 * Answers and scores the rows of one shard, each trial of a row side by side for the candidate and for the baseline.
 * The results are in the run's order. Throws `RetryLaterError` where rows failed for a passing reason and this is not
 * the last attempt.
 */
export async function evaluateRows(
  plan: RunPlan,
  shard: string,
  dependencies: EvaluateDependencies,
  lastAttempt: boolean,
): Promise<RowResult[]> {
  const { store } = dependencies;
  const suite = await readSuite(store, plan.flow, plan.suite);
  const [stored, candidate, baseline] = await Promise.all([
    readSuiteRows(store, plan.flow, plan.suite, shard),
    underTest(plan, plan.version, suite, shard, dependencies),
    plan.baseline === undefined ? undefined : underTest(plan, plan.baseline, suite, shard, dependencies),
  ]);
  const rows = rowsInOrder(stored, plan);
  const trials = Array.from({ length: suite.definition.trials }, (_, trial) => trial);
  const first = plan.shards.indexOf(shard) * SHARD_STRIDE;
  const results = await Promise.all(
    rows.flatMap((row, index) =>
      trials.map(async (trial): Promise<RowResult> => {
        const place = { trial, order: first + index };
        const [candidateAnswer, baselineAnswer] = await Promise.all([
          evaluateRow(row, candidate, dependencies, place),
          baseline && evaluateRow(row, baseline, dependencies, place),
        ]);
        return { row: identify(row), trial, candidate: candidateAnswer, baseline: baselineAnswer };
      }),
    ),
  );
  // Everything paid for is stored before anything is decided on it.
  await Promise.all([candidate.cache.flush(), baseline?.cache.flush()]);
  if (!lastAttempt) throwIfTransient(results);
  return results;
}

async function underTest(
  plan: RunPlan,
  version: string,
  suite: SuiteManifest,
  shard: string,
  { store, loadVersion }: EvaluateDependencies,
): Promise<VersionUnderTest> {
  const [flow, cache] = await Promise.all([
    loadVersion(plan.flow, version),
    openResultCache(store, plan.flow, version, shard),
  ]);
  const kind = suite.buckets.find(({ name }) => name === shard)?.as ?? "quality";
  const evaluators = suite.definition.evaluators.map(bindEvaluator);
  return {
    name: plan.flow,
    version,
    flow,
    cache,
    evaluators: evaluatorsFor(kind, evaluators, measuredRows(suite)),
  };
}

function throwIfTransient(results: RowResult[]): void {
  const failed = results.filter(({ candidate, baseline }) =>
    [candidate, baseline].some((answer) => answer?.error?.transient === true),
  );
  const first = failed[0];
  if (!first) return;
  const error = first.candidate.error ?? first.baseline?.error;
  throw new RetryLaterError(
    `${failed.length} of ${results.length} rows have no answer yet; the first: ${error?.message ?? ""}`,
  );
}

function identify(row: DatasetRow): RowResult["row"] {
  const { id, hash, cluster, dataset, as, fields } = row;
  return { id, hash, cluster, dataset, as, fields };
}
