import { NotFoundError } from "../../shared/errors.ts";
import type { ShardMessage } from "../../shared/messages/queue-messages.ts";
import { LABELS_SHARD } from "../../shared/model/judged-answer.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { readSuite } from "../../shared/registry/version-store.ts";
import { assembleReport } from "./assemble-report.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";
import { type Delivery, endsEarly, evaluateRows, type ShardWork } from "./evaluate-rows.ts";
import { judgeLabels } from "./judge-labels.ts";
import { reportScores } from "./report-scores.ts";
import { writeResults } from "./shard-results.ts";

/**
 * Answers and scores the rows of one shard, for the candidate and for the baseline, writes the result once, and folds
 * what is contiguous into the verdict. A shard delivered again finds its result or its recorded answers and pays for
 * nothing twice; one that is not needed any more is skipped. Who finds that nothing is missing assembles the report.
 * Before the last attempt, rows that failed for a passing reason make the shard come again.
 */
export async function evaluateShard(
  message: ShardMessage,
  dependencies: EvaluateDependencies,
  delivery: Delivery,
): Promise<void> {
  const { store } = dependencies;
  const { shard } = message;
  const stored = await readJson<RunPlan>(store, "registry", registryPath.plan(message.flow, message.run));
  if (!stored) throw new NotFoundError(`Flow "${message.flow}" has no run ${message.run}.`);
  const plan = stored.value;
  const suite = await readSuite(store, plan.flow, plan.suite);
  const progress = dependencies.runs(message, plan, suite);
  await progress.look();
  if (!progress.unneeded(endsEarly(suite, shard) ? "quality" : "safety").aborted) {
    const work = { plan, suite, shard, progress, delivery };
    await (shard === LABELS_SHARD ? judgeLabels(work, dependencies) : completeShard(work, dependencies));
  }
  // Superseded: nobody waits for its report.
  if (progress.superseded()) return;
  await progress.advance();
  await progress.report(() => assembleReport(plan, suite, progress.fold.known(), dependencies));
}

async function completeShard(work: ShardWork, dependencies: EvaluateDependencies): Promise<void> {
  const { plan, shard, progress, delivery } = work;
  const { store } = dependencies;
  const result = registryPath.shard(plan.flow, plan.id, shard);
  // A first delivery that has a result all the same finds its answers recorded, and its own result comes second.
  if (delivery.redelivered && (await store.read("registry", result))) return;
  progress.fold.begin(shard);
  try {
    const results = await evaluateRows(work, dependencies);
    if (results && (await writeResults(store, plan, shard, results))) {
      progress.fold.offer(shard, results);
      reportScores(plan, results, dependencies);
    }
  } finally {
    progress.fold.end(shard);
  }
}
