import { RetryLaterError } from "../../shared/errors.ts";
import { evaluateRow, type RowPlace } from "../../shared/evaluation/evaluate-row.ts";
import { callsToMake } from "../../shared/evaluation/row-calls.ts";
import type { VersionUnderTest } from "../../shared/evaluation/version-under-test.ts";
import { rowGroups } from "../../shared/evaluation/row-groups.ts";
import { evaluatorsFor, measuredRows } from "../../shared/evaluation/measured-rows.ts";
import { LABELS_SHARD } from "../../shared/model/judged-answer.ts";
import type { RowResult, RunPlan } from "../../shared/model/run.ts";
import type { DatasetRow, RowKind, SuiteManifest } from "../../shared/model/version.ts";
import { openResultCache } from "../../shared/registry/result-cache.ts";
import { suiteEvaluators } from "../../shared/registry/suite-evaluators.ts";
import { readSuiteRows } from "../../shared/registry/version-store.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";
import { createRowNotes } from "./note-rows.ts";
import type { RunProgress } from "./run-progress.ts";
import { rowsInOrder } from "./visiting-order.ts";

/** More rows than a bucket has, so that the rows of an earlier shard come before those of a later one. */
const SHARD_STRIDE = 1_000_000;

/** How a message came. */
export interface Delivery {
  /** It was delivered before, and may have been worked on. */
  redelivered: boolean;
  /** It will not be again: rows that failed, for a passing reason too, are recorded as failed. */
  lastAttempt: boolean;
}

/** A shard with what evaluating it takes. */
export interface ShardWork {
  plan: RunPlan;
  suite: SuiteManifest;
  shard: string;
  progress: RunProgress;
  delivery: Delivery;
}

/**
 * Answers and scores the rows of one shard, each trial of a row side by side for the candidate and for the baseline.
 * The results are in the run's order; undefined where the rows are not needed any more. Throws `RetryLaterError` where
 * rows failed for a passing reason and this is not the last attempt.
 */
export async function evaluateRows(
  work: ShardWork,
  dependencies: EvaluateDependencies,
): Promise<RowResult[] | undefined> {
  const { plan, suite, shard, progress, delivery } = work;
  const kind = kindOf(suite, shard);
  const [stored, candidate, baseline] = await Promise.all([
    readSuiteRows(dependencies.store, plan.flow, plan.suite, shard),
    underTest(work, plan.version, dependencies),
    plan.baseline === undefined ? undefined : underTest(work, plan.baseline, dependencies),
  ]);
  const trials = Array.from({ length: suite.definition.trials }, (_, trial) => trial);
  const first = plan.shards.indexOf(shard) * SHARD_STRIDE;
  const { spending } = dependencies;
  const tests = baseline === undefined ? [candidate] : [candidate, baseline];
  /** How to say that the row is done; undefined where a budget is spent. What is recorded already costs nothing. */
  const pay = async (row: DatasetRow, trial: number): Promise<(() => void) | undefined> => {
    const isFree = (test: VersionUnderTest): boolean =>
      callsToMake(row, trial, test, dependencies.models, test === candidate ? baseline : "itself") === 0;
    if (!spending.isLimited(plan) || tests.every(isFree)) return () => undefined;
    const reserved = await spending.reserve(plan);
    if (!("refusal" in reserved)) return reserved;
    await progress.exhaust(reserved.refusal);
    return undefined;
  };
  const paying = { ...dependencies, onUsage: spending.record(plan) };
  const by = (suite.definition.fairness ?? []).flatMap((gap) => gap.by ?? []);
  const groups = (row: DatasetRow): Record<string, string> | undefined =>
    by.length === 0 ? undefined : rowGroups(row.fields, candidate.flow, by);
  const unneeded = progress.unneeded(stopsEarly(kind) ? "quality" : "safety");
  const evaluate = async (
    row: DatasetRow,
    place: Required<Omit<RowPlace, "baseline">>,
  ): Promise<RowResult | undefined> => {
    const leave = await dependencies.admission.admit(place.order, unneeded).catch(() => undefined);
    if (!leave) return undefined;
    try {
      await progress.look();
      const paid = unneeded.aborted ? undefined : await pay(row, place.trial);
      if (!paid) return undefined;
      const [candidateAnswer, baselineAnswer] = await Promise.all([
        evaluateRow(row, candidate, paying, { ...place, baseline }),
        baseline && evaluateRow(row, baseline, paying, { ...place, baseline: "itself" }),
      ]).finally(paid);
      const { trial } = place;
      notes.add();
      return { row: identify(row, groups(row)), trial, candidate: candidateAnswer, baseline: baselineAnswer };
    } finally {
      leave();
    }
  };
  const notes = createRowNotes(work, dependencies.store);
  const results = await Promise.all(
    rowsInOrder(stored, plan).flatMap((row, index) =>
      trials.map((trial) => evaluate(row, { trial, order: first + index, unneeded })),
    ),
  );
  // Everything paid for is stored before anything is decided on it.
  await Promise.all([candidate.cache.flush(), baseline?.cache.flush(), spending.flush(plan), notes.end()]);
  const done = results.filter((result) => result !== undefined);
  if (unneeded.aborted || done.length < results.length) return undefined;
  if (!delivery.lastAttempt) throwIfTransient(done);
  return done;
}

function kindOf(suite: SuiteManifest, shard: string): RowKind {
  return suite.buckets.find(({ name }) => name === shard)?.as ?? "quality";
}

/** Whether a certain verdict makes what is left of a shard needless: not safety, counterfactuals, or labels. */
export function endsEarly(suite: SuiteManifest, shard: string): boolean {
  return shard !== LABELS_SHARD && stopsEarly(kindOf(suite, shard));
}

function stopsEarly(kind: RowKind): boolean {
  return kind === "quality";
}

async function underTest(
  { plan, suite, shard, progress }: ShardWork,
  version: string,
  { store, loadVersion }: EvaluateDependencies,
): Promise<VersionUnderTest> {
  const [flow, cache, evaluators] = await Promise.all([
    loadVersion(plan.flow, version),
    progress
      .recorded(version)
      .then((recorded) => openResultCache(store, plan.flow, version, shard, { recorded, run: plan.id })),
    suiteEvaluators(store, suite),
  ]);
  return {
    name: plan.flow,
    version,
    flow,
    cache,
    evaluators: evaluatorsFor(kindOf(suite, shard), evaluators, measuredRows(suite)),
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

function identify(row: DatasetRow, groups: Record<string, string> | undefined): RowResult["row"] {
  const { id, hash, cluster, dataset, as, fields, counterfactual } = row;
  return { id, hash, cluster, dataset, as, fields, counterfactual, groups };
}
