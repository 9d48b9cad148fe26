import { NotFoundError, RetryLaterError } from "../../shared/errors.ts";
import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import type { ShardMessage } from "../../shared/messages/queue-messages.ts";
import type { CurrentRun } from "../../shared/model/intake.ts";
import type { RowResult, RunPlan } from "../../shared/model/run.ts";
import type { DatasetRow, SuiteManifest } from "../../shared/model/version.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { openResultCache } from "../../shared/registry/result-cache.ts";
import { readSuite, readSuiteRows } from "../../shared/registry/version-store.ts";
import { assembleReport } from "./assemble-report.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";
import { evaluateRow } from "../../shared/evaluation/evaluate-row.ts";
import type { VersionUnderTest } from "../../shared/evaluation/evaluate-row.ts";
import { reportScores } from "./report-scores.ts";

/**
 * Answers and scores the rows of one shard, for the candidate and for the baseline, and writes the result once.
 * A shard delivered again finds its result or its recorded answers and pays for nothing twice. The last shard of a
 * run assembles the report. While `lastAttempt` is false, rows that failed for a passing reason make the shard come
 * again; on the last one they are recorded as failed.
 */
export async function evaluateShard(
  message: ShardMessage,
  dependencies: EvaluateDependencies,
  lastAttempt: boolean,
): Promise<void> {
  const { store } = dependencies;
  if (await isSuperseded(message, dependencies)) return;
  const plan = await readJson<RunPlan>(store, "registry", registryPath.plan(message.flow, message.run));
  if (!plan) throw new NotFoundError(`Flow "${message.flow}" has no run ${message.run}.`);

  const name = registryPath.shard(message.flow, message.run, message.shard);
  if (!(await store.read("registry", name))) {
    const results = await evaluateRows(plan.value, message.shard, dependencies, lastAttempt);
    const lines = results.map((result) => `${JSON.stringify(result)}\n`).join("");
    if (await store.create("registry", name, lines)) reportScores(plan.value, results, dependencies);
  }
  await assembleReport(plan.value, dependencies);
}

async function evaluateRows(
  plan: RunPlan,
  shard: string,
  dependencies: EvaluateDependencies,
  lastAttempt: boolean,
): Promise<RowResult[]> {
  const { store } = dependencies;
  const suite = await readSuite(store, plan.flow, plan.suite);
  const [rows, candidate, baseline] = await Promise.all([
    readSuiteRows(store, plan.flow, plan.suite, shard),
    underTest(plan, plan.version, suite, shard, dependencies),
    plan.baseline === undefined ? undefined : underTest(plan, plan.baseline, suite, shard, dependencies),
  ]);
  const results = await Promise.all(
    rows.map(async (row): Promise<RowResult> => {
      const [candidateAnswer, baselineAnswer] = await Promise.all([
        evaluateRow(row, candidate, dependencies),
        baseline && evaluateRow(row, baseline, dependencies),
      ]);
      return { row: identify(row), trial: 0, candidate: candidateAnswer, baseline: baselineAnswer };
    }),
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
  return {
    name: plan.flow,
    version,
    flow,
    cache,
    evaluators: suite.definition.evaluators.map(bindEvaluator),
  };
}

/** A newer change was planned since: what this shard would find out, nobody waits for any more. */
async function isSuperseded(message: ShardMessage, { store }: EvaluateDependencies): Promise<boolean> {
  const name = registryPath.currentRun(message.source);
  const current = await readJson<CurrentRun>(store, "registry", name);
  return (
    current !== undefined && current.value.run !== message.run && current.value.sequence > message.sequence
  );
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
