import { LABELS_SHARD } from "../../shared/model/judged-answer.ts";

/** Where a page of rows begins. */
export interface PagePlace {
  shard: string;
  offset: number;
}

/**
 * The page of a run's rows to ask for next, in the order of its shards; undefined where none is left, or none is there
 * yet. `read`: shards that were read to their end. `arrived`: those that are in while the run goes on; a slow one holds
 * up none that come after it.
 */
export function nextPage(
  shards: readonly string[],
  {
    read,
    within,
    arrived,
  }: { read: ReadonlySet<string>; within?: PagePlace | undefined; arrived?: readonly string[] },
): PagePlace | undefined {
  if (within) return within;
  const shard = shards.find(
    (name) => name !== LABELS_SHARD && !read.has(name) && (arrived === undefined || arrived.includes(name)),
  );
  return shard === undefined ? undefined : { shard, offset: 0 };
}
