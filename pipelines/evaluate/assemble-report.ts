import type { CompletionMessage } from "../../shared/messages/queue-messages.ts";
import { OFFLINE_NOTICE, OFFLINE_STAND_IN } from "../../shared/model/offline-stand-in.ts";
import type { Report, RowResult, RunPlan } from "../../shared/model/run.ts";
import { createJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { readSuite } from "../../shared/registry/version-store.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";
import { createSuiteSummariser } from "../../shared/evaluation/summarise-suite.ts";
import { createWorstRows } from "./worst-rows.ts";

/**
 * Assembles the report if every shard's result is written, and hands over to the decision. Whoever completes the
 * last shard does it; where two do, the first report stands. Called again, it hands over again.
 */
export async function assembleReport(
  plan: RunPlan,
  { store, queue, clock }: Pick<EvaluateDependencies, "store" | "queue" | "clock">,
): Promise<void> {
  const done = new Set<string>();
  const prefix = registryPath.shards(plan.flow, plan.id);
  for await (const blob of store.list("registry", prefix)) done.add(blob.name);
  const names = plan.shards.map((shard) => registryPath.shard(plan.flow, plan.id, shard));
  if (names.some((name) => !done.has(name))) return;

  const suite = await readSuite(store, plan.flow, plan.suite);
  const candidate = createSuiteSummariser(suite);
  const baseline = plan.baseline === undefined ? undefined : createSuiteSummariser(suite);
  const worst = createWorstRows();
  const calls = { made: 0, saved: 0 };
  const models = new Set<string | undefined>();
  // In the order of the plan, one shard at a time: the report needs no more memory than its numbers.
  for (const name of names) {
    const blob = await store.read("registry", name);
    for (const line of blob?.body.toString("utf8").split("\n") ?? []) {
      if (line === "") continue;
      const result = JSON.parse(line) as RowResult;
      candidate.add(result.row.as, result.candidate);
      if (result.baseline) baseline?.add(result.row.as, result.baseline);
      worst.add(result);
      calls.made += result.candidate.calls + (result.baseline?.calls ?? 0);
      calls.saved += result.candidate.saved + (result.baseline?.saved ?? 0);
      models.add(result.candidate.model);
    }
  }
  const report: Report = {
    run: plan,
    candidate: candidate.summaries(),
    baseline: baseline?.summaries(),
    calls,
    notices: models.has(OFFLINE_STAND_IN) ? [OFFLINE_NOTICE] : [],
    worst: worst.rows(),
    completedAt: clock.now().toISOString(),
  };
  await createJson(store, "registry", registryPath.report(plan.flow, plan.id), report);
  await queue.send("run-completions", { flow: plan.flow, run: plan.id } satisfies CompletionMessage);
}
