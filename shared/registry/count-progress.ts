import type { RunPlan, ShardRows } from "../model/run.ts";
import type { SuiteManifest } from "../model/version.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { readJson } from "./json-blob.ts";
import { registryPath } from "./paths.ts";

/** The shards of a run that are in, and the rows that are done: theirs, and what was noted of the others a second ago. */
export async function countProgress(
  store: BlobStore,
  { flow, id, suite }: Pick<RunPlan, "flow" | "id" | "suite">,
): Promise<{ shardsDone: number; shardsIn: string[]; rowsDone: number }> {
  const [done, noted, manifest] = await Promise.all([
    namesIn(store, registryPath.shards(flow, id), ".jsonl"),
    namesIn(store, registryPath.rowNotes(flow, id), ".json"),
    readJson<SuiteManifest>(store, "registry", registryPath.suite(flow, suite)),
  ]);
  const buckets = manifest?.value.buckets ?? [];
  const trials = manifest?.value.definition.trials ?? 1;
  const underWay = [...noted].filter((shard) => !done.has(shard));
  const notes = await Promise.all(
    underWay.map((shard) => readJson<ShardRows>(store, "registry", registryPath.shardRows(flow, id, shard))),
  );
  const whole = buckets.filter(({ name }) => done.has(name)).reduce((sum, { rows }) => sum + rows, 0);
  const rest = notes.reduce((sum, note) => sum + (note?.value.done ?? 0), 0);
  return { shardsDone: done.size, shardsIn: [...done], rowsDone: whole + Math.floor(rest / trials) };
}

async function namesIn(store: BlobStore, prefix: string, ending: string): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const { name } of store.list("registry", prefix))
    names.add(name.slice(prefix.length, -ending.length));
  return names;
}
