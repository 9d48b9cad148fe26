import { placedRows, type PlacedRow } from "./dataset-rows.ts";
import { createFindings } from "./diagnostics.ts";
import { filesAt } from "./flow-paths.ts";
import type { CheckContext } from "./meant-file.ts";
import type { ReadEvaluation } from "./parse-evaluation.ts";
import { placedInFlow } from "./placed-in-flow.ts";
import { readRecords } from "./records.ts";
import type { Unread } from "./unread.ts";
import { unreadRecords } from "./unread-records.ts";

/**
 * The rows of a flow's datasets, one after the other, as far as they can be read; of one that is not there, those of the one that seems to
 * be meant. What else rows may give goes to `given`.
 */
export function* readDatasets(
  { datasets, allDatasets, cluster }: ReadEvaluation,
  { files, findings, meantFile }: CheckContext,
  given: Unread,
): Generator<PlacedRow> {
  if (!allDatasets) given.addAnything();
  const there = datasets.flatMap((dataset) => {
    if (filesAt(dataset.path, files).length > 0) return [dataset];
    const { diagnostics } = readRecords(dataset.path, files);
    findings.list.push(...diagnostics.map((found) => placedInFlow(found, [dataset])));
    const meant = meantFile(dataset.path);
    given.addSomething();
    return meant === undefined ? [] : [{ ...dataset, path: meant }];
  });
  // Where others are read, a name that is nearly one of theirs is a slip, whatever the one that is not there has.
  if (there.length === 0) {
    if (datasets.length > 0) given.addAnything();
    return;
  }
  const own = createFindings();
  const read = new Set<string>();
  for (const row of placedRows({ datasets: there, cluster }, files, own)) {
    read.add(row.file);
    yield row;
  }
  findings.list.push(...own.list);
  unreadRecords(read, own.list, files, given);
}
