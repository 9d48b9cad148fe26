import { sha256 } from "../../shared/model/canonical.ts";
import type { DatasetChange, LostSlice, SuiteChange } from "../../shared/model/run.ts";
import type { DatasetRow, SuiteManifest } from "../../shared/model/version.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { workThrough } from "../../shared/work-through.ts";
import { readSuiteRows } from "../../shared/registry/version-store.ts";

const READS_AT_ONCE = 8;
/** A field with more values than this names its rows and does not group them. */
const MOST_SLICES = 20;
/** As does one that has fewer rows a value. */
const ROWS_A_SLICE = 3;
/** Hex digits of a hash that a double holds exactly. */
const EXACT_DIGITS = 13;

/**
 * What a suite's datasets have that those of an earlier suite had not, and the other way round; undefined where their
 * files are the same. A row is the same by its id, and changed where its content is another. Holds two numbers a row,
 * and one bucket of rows at a time.
 */
export async function compareSuites(
  store: BlobStore,
  before: SuiteManifest,
  after: SuiteManifest,
): Promise<SuiteChange | undefined> {
  if (digestOf(before) === digestOf(after)) return undefined;
  const [was, is] = [await readFacts(store, before), await readFacts(store, after)];
  const datasets = [...new Set([...was.rows.keys(), ...is.rows.keys()])].sort();
  return {
    suite: before.id,
    digest: { before: digestOf(before), after: digestOf(after) },
    datasets: datasets.map((dataset) => compare(dataset, was.rows.get(dataset), is.rows.get(dataset))),
    lostSlices: lostSlices(was.fields, is.fields),
  };
}

/** Of the datasets' files: what two suites of the same rows share, whatever their gates. */
function digestOf({ files }: SuiteManifest): string {
  return sha256(files.map((file) => `${file.path} ${file.sha256}\n`).join("")).slice(0, 12);
}

type Rows = Map<number, number>;
type Fields = Map<string, Map<string, number> | undefined>;

async function readFacts(
  store: BlobStore,
  suite: SuiteManifest,
): Promise<{ rows: Map<string, Rows>; fields: Fields }> {
  const rows = new Map<string, Rows>();
  const fields: Fields = new Map();
  await workThrough(suite.buckets, READS_AT_ONCE, async ({ name }) => {
    for (const row of await readSuiteRows(store, suite.flow, suite.id, name)) {
      const known = rows.get(row.dataset) ?? new Map<number, number>();
      rows.set(row.dataset, known.set(exact(sha256(row.id)), exact(row.hash)));
      countSlices(row, fields);
    }
  });
  return { rows, fields };
}

function compare(dataset: string, was: Rows = new Map(), is: Rows = new Map()): DatasetChange {
  let added = 0;
  let changed = 0;
  for (const [id, hash] of is) {
    const before = was.get(id);
    if (before === undefined) added++;
    else if (before !== hash) changed++;
  }
  const removed = was.size - (is.size - added);
  return { dataset, before: was.size, after: is.size, added, removed, changed };
}

function countSlices({ fields }: DatasetRow, counts: Fields): void {
  for (const [field, value] of Object.entries(fields)) {
    if (field === "id" || (typeof value !== "string" && typeof value !== "boolean")) continue;
    const values = counts.has(field) ? counts.get(field) : new Map<string, number>();
    values?.set(String(value), (values.get(String(value)) ?? 0) + 1);
    counts.set(field, values && values.size <= MOST_SLICES ? values : undefined);
  }
}

function lostSlices(was: Fields, is: Fields): LostSlice[] {
  return [...was].flatMap(([field, values]) => {
    if (!values) return [];
    const rows = [...values.values()].reduce((sum, count) => sum + count, 0);
    if (rows < values.size * ROWS_A_SLICE || (is.has(field) && is.get(field) === undefined)) return [];
    return [...values]
      .filter(([value]) => !is.get(field)?.has(value))
      .map(([value, count]) => ({ field, value, rows: count }));
  });
}

function exact(hash: string): number {
  return Number.parseInt(hash.slice(0, EXACT_DIGITS), 16);
}
