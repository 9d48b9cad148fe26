import { NotFoundError } from "../../shared/errors.ts";
import type { ShardMessage } from "../../shared/messages/queue-messages.ts";
import type { CurrentRun } from "../../shared/model/intake.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { assembleReport } from "./assemble-report.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";
import { evaluateRows } from "./evaluate-rows.ts";
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

/** A newer change was planned since: what this shard would find out, nobody waits for any more. */
async function isSuperseded(message: ShardMessage, { store }: EvaluateDependencies): Promise<boolean> {
  const name = registryPath.currentRun(message.source);
  const current = await readJson<CurrentRun>(store, "registry", name);
  return (
    current !== undefined && current.value.run !== message.run && current.value.sequence > message.sequence
  );
}
