import { setImmediate } from "node:timers/promises";
import type { DatasetRow } from "../../shared/model/version.ts";
import { bucketOf } from "../../shared/registry/row-buckets.ts";
import { lineOf, type RowSurvey, type SurveyedBucket } from "./survey-rows.ts";

const BATCH_BYTES = 8 * 1024 * 1024;
const ROWS_A_TURN = 1_000;

/**
 * The lines of a suite's buckets, as many buckets at a time as fit a batch: the rows are read once for each batch, and
 * those of other buckets pass by. A bucket that is larger is a batch of its own.
 */
export async function* bucketBatches(
  rows: () => Iterable<DatasetRow>,
  survey: RowSurvey,
): AsyncGenerator<ReadonlyMap<string, readonly string[]>> {
  const bits = { quality: 0, safety: 0, counterfactual: 0 };
  for (const kind of ["quality", "safety", "counterfactual"] as const) bits[kind] = survey.bits(kind);
  for (const names of batchesOf(survey.buckets())) {
    const lines = new Map(names.map((name): [string, string[]] => [name, []]));
    for await (const row of inTurns(rows())) lines.get(bucketOf(row, bits[row.as]))?.push(lineOf(row));
    yield lines;
  }
}

/** The rows, with a pause every so often: reading many of them must not hold up what else the process does. */
export async function* inTurns(rows: Iterable<DatasetRow>): AsyncGenerator<DatasetRow> {
  let left = ROWS_A_TURN;
  for (const row of rows) {
    yield row;
    left -= 1;
    if (left > 0) continue;
    await setImmediate();
    left = ROWS_A_TURN;
  }
}

function batchesOf(buckets: readonly SurveyedBucket[]): string[][] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let held = 0;
  for (const { name, bytes } of buckets) {
    if (batch.length > 0 && held + bytes > BATCH_BYTES) {
      batches.push(batch);
      batch = [];
      held = 0;
    }
    batch.push(name);
    held += bytes;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
