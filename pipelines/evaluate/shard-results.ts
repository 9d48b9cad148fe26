import { type JudgedAnswer, LABELS_SHARD } from "../../shared/model/judged-answer.ts";
import type { RowResult, RunPlan } from "../../shared/model/run.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { registryPath } from "../../shared/registry/paths.ts";

/** The results of one shard, in the run's order; undefined where they are not in. */
export async function readResults(
  store: Pick<BlobStore, "read">,
  { flow, id }: Pick<RunPlan, "flow" | "id">,
  shard: string,
): Promise<RowResult[] | undefined> {
  return readLines(store, registryPath.shard(flow, id, shard));
}

/** Writes the results of a shard, once. False where they were in already: those stand. */
export function writeResults(
  store: Pick<BlobStore, "create">,
  { flow, id }: Pick<RunPlan, "flow" | "id">,
  shard: string,
  results: readonly RowResult[],
): Promise<boolean> {
  const lines = results.map((result) => `${JSON.stringify(result)}\n`);
  return store.create("registry", registryPath.shard(flow, id, shard), lines.join(""));
}

/** What people and the judge say of the labelled answers; undefined while that is not in. */
export async function readJudged(
  store: Pick<BlobStore, "read">,
  { flow, id, shards }: Pick<RunPlan, "flow" | "id" | "shards">,
): Promise<JudgedAnswer[] | undefined> {
  if (!shards.includes(LABELS_SHARD)) return [];
  return readLines(store, registryPath.shard(flow, id, LABELS_SHARD));
}

async function readLines<T>(store: Pick<BlobStore, "read">, name: string): Promise<T[] | undefined> {
  const blob = await store.read("registry", name);
  const lines = blob?.body.toString("utf8").split("\n");
  return lines?.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}
