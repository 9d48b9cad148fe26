import type { VersionComparison } from "../model/status.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { evaluatedDifference } from "../report/evaluated-rows.ts";
import { type SuiteSnapshot, suiteChanges } from "../report/suite-changes.ts";
import { type VersionSnapshot, versionChanges } from "../report/version-changes.ts";
import type { VersionDetail } from "../model/status.ts";
import { runDetail } from "./flow-status.ts";
import { runRows, snapshotFile, suiteDetail, versionDetail } from "./flow-versions.ts";

/** About 10,000 rows: whoever asks waits for them. The command reads all. */
const MOST_SHARDS = 160;
const ROWS_A_PAGE = 200;

/** How two versions of a flow differ: in their files, in what judged them, and in their answers. Throws `NotFoundError`. */
export async function compareVersions(
  store: BlobStore,
  flow: string,
  ids: { before: string; after: string },
): Promise<VersionComparison> {
  const [before, after] = await Promise.all([
    versionDetail(store, flow, ids.before),
    versionDetail(store, flow, ids.after),
  ]);
  const [oldSuite, newSuite] = await Promise.all([suiteOf(store, before), suiteOf(store, after)]);
  const reader = {
    run: (name: string, run: string) => runDetail(store, name, run),
    rows: (name: string, run: string, from: { shard: string; offset: number }) =>
      runRows(store, name, run, { ...from, top: ROWS_A_PAGE, context: false }),
  };
  return {
    flow,
    before,
    after,
    version: await versionChanges(versionSnapshot(store, before), versionSnapshot(store, after)),
    suite: oldSuite && newSuite && (await suiteChanges(oldSuite, newSuite)),
    evaluated: await evaluatedDifference(reader, judged(before), judged(after), MOST_SHARDS),
  };
}

function judged({ manifest: { flow, id }, runs }: VersionDetail) {
  return { flow, version: id, runs };
}

function versionSnapshot(store: BlobStore, { manifest }: VersionDetail): VersionSnapshot {
  const { flow, id, definition, files } = manifest;
  return { definition, files, read: (path) => snapshotFile(store, "version", flow, id, path) };
}

/** What a version was last judged by; undefined where it never was. */
async function suiteOf(
  store: BlobStore,
  { manifest: { flow }, runs: [last] }: VersionDetail,
): Promise<SuiteSnapshot | undefined> {
  if (!last) return undefined;
  const { id, definition, judge, files } = await suiteDetail(store, flow, last.suite);
  return {
    definition,
    judge: judge.model,
    files,
    read: (path) => snapshotFile(store, "suite", flow, id, path),
  };
}
