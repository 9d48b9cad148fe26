import { setImmediate } from "node:timers/promises";
import type { DatasetRow } from "../../shared/model/version.ts";
import { bucketOf } from "../../shared/registry/row-buckets.ts";
import { lineOf, type RowSurvey, type SurveyedBucket } from "./survey-rows.ts";

const BATCH_BYTES = 8 * 1024 * 1024;
const ROWS_A_TURN = 1_000;

/**
 * The lines of a suite's buckets, as many buckets at a time as fit a batch: the rows are read once for each batch, and
 * those of other buckets pass by. A bucket that is larger is a batch of its own. What a bucket takes is known, so that
 * its lines are written where they stay: as strings they would be copied several times and fill the heap. The same
 * memory holds one batch after the other, so the bytes of one are valid until the next is asked for.
 */
export async function* bucketBatches(
  rows: () => Iterable<DatasetRow>,
  survey: RowSurvey,
): AsyncGenerator<ReadonlyMap<string, Buffer>> {
  const bits = { quality: 0, safety: 0, counterfactual: 0 };
  for (const kind of ["quality", "safety", "counterfactual"] as const) bits[kind] = survey.bits(kind);
  const batches = batchesOf(survey.buckets());
  const sizes = batches.map((batch) => batch.reduce((sum, { bytes }) => sum + bytes, 0));
  const memory = Buffer.alloc(Math.max(0, ...sizes));
  for (const batch of batches) {
    let start = 0;
    const buckets = new Map(
      batch.map(({ name, bytes }) => {
        const lines = memory.subarray(start, (start += bytes));
        return [name, { lines, at: 0 }];
      }),
    );
    for await (const row of inTurns(rows())) {
      const bucket = buckets.get(bucketOf(row, bits[row.as]));
      if (bucket) bucket.at += bucket.lines.write(lineOf(row), bucket.at);
    }
    yield new Map([...buckets].map(([name, { lines }]) => [name, lines]));
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

function batchesOf(buckets: readonly SurveyedBucket[]): SurveyedBucket[][] {
  const batches: SurveyedBucket[][] = [];
  let batch: SurveyedBucket[] = [];
  let held = 0;
  for (const bucket of buckets) {
    if (batch.length > 0 && held + bucket.bytes > BATCH_BYTES) {
      batches.push(batch);
      batch = [];
      held = 0;
    }
    batch.push(bucket);
    held += bucket.bytes;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
