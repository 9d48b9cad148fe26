import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import { safetyNotices } from "../../shared/evaluators/judged-by.ts";
import { metricFactsOf } from "../../shared/gate/metric-facts.ts";
import { createEvidenceFold } from "../../shared/gate/requirement-evidence.ts";
import { measuredRows } from "../../shared/evaluation/measured-rows.ts";
import { createSuiteSummariser } from "../../shared/evaluation/summarise-suite.ts";
import type { CompletionMessage } from "../../shared/messages/queue-messages.ts";
import { type JudgedAnswer, LABELS_SHARD } from "../../shared/model/judged-answer.ts";
import { OFFLINE_NOTICE, OFFLINE_STAND_IN } from "../../shared/model/offline-stand-in.ts";
import type { Report, RowFailures, RowResult, RunPlan, StoppedEarly } from "../../shared/model/run.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";
import { readAhead } from "../../shared/read-ahead.ts";
import { createJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";
import { clustersOf, foldRow, qualityShards, type RunFold } from "./run-fold.ts";
import { createReportParts } from "./report-parts.ts";
import { readJudged, readResults } from "./shard-results.ts";
import { createWorstRows } from "./worst-rows.ts";

/** Shards' results that are held at once: a few hundred rows each at most. */
const READ_AT_ONCE = 4;

type Needs = Pick<EvaluateDependencies, "store" | "queue" | "clock" | "spending">;

/**
 * Assembles the report once the fold has ended and every safety shard is in, and hands over to the decision; false
 * while something is missing. Its numbers come from exactly the rows that were folded, from those that always run in
 * full, and from the labels. Where two assemble it, the first report stands. Called again, it hands over again.
 */
export async function assembleReport(
  plan: RunPlan,
  suite: SuiteManifest,
  fold: RunFold,
  dependencies: Needs,
): Promise<boolean> {
  const { store, queue } = dependencies;
  if (fold.end === undefined) return false;
  const quality = qualityShards(plan, suite);
  const safety = plan.shards.filter((shard) => !quality.includes(shard));
  if (fold.budgetReason === undefined && !(await areIn(plan, safety, dependencies))) return false;
  if (!(await store.read("registry", registryPath.report(plan.flow, plan.id)))) {
    const report = await measure(
      plan,
      suite,
      fold,
      [...safety.filter((shard) => shard !== LABELS_SHARD), ...quality.slice(0, fold.shards)],
      dependencies,
    );
    await createJson(store, "registry", registryPath.report(plan.flow, plan.id), report);
  }
  await queue.send("run-completions", { flow: plan.flow, run: plan.id } satisfies CompletionMessage);
  return true;
}

async function areIn(plan: RunPlan, shards: string[], { store }: Needs): Promise<boolean> {
  if (shards.length === 0) return true;
  const done = new Set<string>();
  for await (const blob of store.list("registry", registryPath.shards(plan.flow, plan.id)))
    done.add(blob.name);
  return shards.every((shard) => done.has(registryPath.shard(plan.flow, plan.id, shard)));
}

/** One shard at a time: the report needs no more memory than its numbers. */
async function measure(
  plan: RunPlan,
  suite: SuiteManifest,
  fold: RunFold,
  shards: string[],
  { store, clock, spending }: Needs,
): Promise<Report> {
  const { finding, end } = fold;
  const { gate, evaluators } = suite.definition;
  const bound = evaluators.map(bindEvaluator);
  const decisive = measuredRows(suite).quality;
  const candidate = createSuiteSummariser(suite);
  const baseline = plan.baseline === undefined ? undefined : createSuiteSummariser(suite);
  const evidence = createEvidenceFold(gate, metricFactsOf(bound));
  const judged = (await readJudged(store, plan)) ?? [];
  const parts = createReportParts(suite, judged);
  const comparing = bound.filter(({ kind }) => kind === "preference").map(({ name }) => name);
  const worst = createWorstRows({
    evaluators: bound,
    gate,
    factsOf: metricFactsOf(bound),
    known: plan.known,
    unmeasured: plan.baseline === undefined ? comparing : [],
  });
  const calls = { made: total(judged, "calls"), saved: total(judged, "saved") };
  const models = new Set<string | undefined>();
  const failures = new Map<string, RowFailures>();
  let left = end === "certain" ? finding.rows : Number.POSITIVE_INFINITY;
  let rowsUsed = 0;
  /** Quality rows whose calls are counted: those used, and those that were paid for when the verdict was certain. */
  const answered = { rows: 0, calls: 0 };
  for await (const stored of readAhead(shards, READ_AT_ONCE, resultsOf)) {
    const as = stored[0]?.row.as;
    const results = as === "quality" ? stored.slice(0, left) : stored;
    const before = calls.made + calls.saved;
    for (const result of results) add(result);
    if (as !== "counterfactual") {
      for (const cluster of clustersOf(results.map((result) => ({ ...foldRow(result), result })))) {
        if (as === decisive) evidence.add(cluster);
        parts.add(cluster.map(({ result }) => result));
      }
    }
    if (as !== "counterfactual") rowsUsed += results.length;
    if (as !== "quality") continue;
    left -= results.length;
    for (const unused of stored.slice(results.length)) count(unused);
    answered.rows += stored.length;
    answered.calls += calls.made + calls.saved - before;
  }

  async function resultsOf(shard: string): Promise<RowResult[]> {
    return (await readResults(store, plan, shard)) ?? [];
  }

  function add(result: RowResult): void {
    candidate.add(result.row, result.candidate);
    if (result.baseline) baseline?.add(result.row, result.baseline);
    if (result.row.as === "counterfactual") parts.addCounterfactual(result);
    else worst.add(result);
    count(result);
    models.add(result.candidate.model);
    const error = result.candidate.error ?? result.baseline?.error;
    if (!error || result.row.as === "counterfactual") return;
    const { kind, message } = error;
    failures.set(kind, { message, ...failures.get(kind), kind, rows: (failures.get(kind)?.rows ?? 0) + 1 });
  }

  function count(result: RowResult): void {
    calls.made += result.candidate.calls + (result.baseline?.calls ?? 0);
    calls.saved += result.candidate.saved + (result.baseline?.saved ?? 0);
  }

  // Calls of rows that were given up, and those that failed and were made again, stand in no result.
  const spend = await spending.spentBy(plan.flow, plan.id);
  const untold = Math.max(0, spend.calls + spend.failed - calls.made);
  return {
    run: plan,
    candidate: candidate.summaries(),
    baseline: baseline?.summaries(),
    calls: { made: calls.made + untold, saved: calls.saved },
    spend,
    rowsUsed,
    stoppedEarly: stoppedEarly(fold, answered, untold),
    stoppedByBudget: fold.budgetReason,
    evidence: evidence.evidence(),
    sequential: finding,
    ...parts.parts(),
    failures: failures.size === 0 ? undefined : [...failures.values()].toSorted((a, b) => b.rows - a.rows),
    notices: [
      ...(models.has(OFFLINE_STAND_IN) ? [OFFLINE_NOTICE] : []),
      ...safetyNotices(bound, plan.models),
    ],
    worst: worst.rows(),
    completedAt: clock.now().toISOString(),
  };
}

function total(judged: readonly JudgedAnswer[], of: "calls" | "saved"): number {
  return judged.reduce((sum, answer) => sum + answer[of], 0);
}

function stoppedEarly(
  { finding, end }: RunFold,
  answered: { rows: number; calls: number },
  untold: number,
): StoppedEarly | undefined {
  const { outcome, rows, ofRows } = finding;
  if (end !== "certain" || outcome === undefined || rows >= ofRows) return undefined;
  const ofTheRest = (answered.calls / answered.rows) * (ofRows - answered.rows);
  return {
    outcome,
    afterRows: rows,
    ofRows,
    callsAvoided: Math.max(0, Math.round(ofTheRest) - untold),
  };
}
