import type { RowResult } from "../../shared/model/run.ts";

/** A row of a run, and where its page begins, by which its context is asked for. */
export interface PlacedRow {
  result: RowResult;
  shard: string;
  offset: number;
}
