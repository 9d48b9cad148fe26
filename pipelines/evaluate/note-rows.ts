import type { RunPlan, ShardRows } from "../../shared/model/run.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { registryPath } from "../../shared/registry/paths.ts";

const EVERY_MS = 1_000;

/** How far a shard is, for who watches its run. */
export interface RowNotes {
  /** One more row is done, in one of its trials. */
  add(): void;
  /** No more will be: what is not written yet is not worth it. Resolves when nothing is being written. */
  end(): Promise<void>;
}

/**
 * Notes how many rows of a shard are done, at most once a second, so that a shard of seconds writes next to nothing.
 * Nothing is decided by it: a note that is lost, or comes from a delivery that did not end, misleads a bar by some rows.
 */
export function createRowNotes(
  { plan, shard }: { plan: Pick<RunPlan, "flow" | "id">; shard: string },
  store: Pick<BlobStore, "write">,
): RowNotes {
  let done = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<unknown> | undefined;
  const name = registryPath.shardRows(plan.flow, plan.id, shard);
  const write = async (): Promise<void> => {
    const note: ShardRows = { done };
    await store.write("registry", name, JSON.stringify(note)).catch(() => undefined);
    timer = undefined;
  };
  return {
    add() {
      done += 1;
      timer ??= setTimeout(() => {
        writing = write();
      }, EVERY_MS);
    },
    async end() {
      clearTimeout(timer);
      await writing;
    },
  };
}
