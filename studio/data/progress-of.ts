import type { RunStatus } from "../../shared/model/status.ts";

/** The rows of a run that are done, and all of them; by its shards where the platform is older than the page. */
export function progressOf({
  plan,
  shardsDone,
  rowsDone,
}: Pick<RunStatus, "plan" | "shardsDone" | "rowsDone">): { done: number; of: number } {
  const byShards = Math.floor((plan.rows * shardsDone) / Math.max(1, plan.shards.length));
  return { done: Math.min(plan.rows, rowsDone ?? byShards), of: plan.rows };
}
