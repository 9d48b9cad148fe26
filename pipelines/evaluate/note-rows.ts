import type { RunPlan, ShardRows } from "../../shared/model/run.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";

const EVERY_MS = 1_000;

/** How far a shard is, for who watches its run. */
export interface RowNotes {
  /** One more row is done, in one of its trials. */
  add(): void;
  /** Resolves when nothing is being written. */
  settled(): Promise<void>;
}

/**
 * Notes how many rows of a shard are done, at most once a second, so that a shard of seconds writes nothing. Nothing is
 * decided by it: a note that is lost, or comes from a delivery that did not end, misleads a bar by some rows.
 */
export function createRowNotes(
  { plan, shard }: { plan: Pick<RunPlan, "flow" | "id">; shard: string },
  { store, clock }: Pick<EvaluateDependencies, "store" | "clock">,
): RowNotes {
  let done = 0;
  let notedAt = clock.elapsed();
  let writing: Promise<unknown> | undefined;
  return {
    add() {
      done += 1;
      if (writing || clock.elapsed() - notedAt < EVERY_MS) return;
      notedAt = clock.elapsed();
      const note: ShardRows = { done };
      writing = store
        .write("registry", registryPath.shardRows(plan.flow, plan.id, shard), JSON.stringify(note))
        .catch(() => undefined)
        .finally(() => {
          writing = undefined;
        });
    },
    async settled() {
      await writing;
    },
  };
}
