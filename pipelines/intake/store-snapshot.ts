import { PermanentError } from "../../shared/errors.ts";
import { EVALUATORS } from "../../shared/evaluators/registry.ts";
import { datasetRows } from "../../shared/flow/dataset-rows.ts";
import { splitFlow } from "../../shared/flow/split-flow.ts";
import { contentHash } from "../../shared/model/canonical.ts";
import type { FlowDefinition } from "../../shared/model/flow.ts";
import type { DatasetRow, SuiteManifest, VersionManifest } from "../../shared/model/version.ts";
import { bucketBits, bucketOf } from "../../shared/registry/row-buckets.ts";
import { versionId } from "../../shared/registry/version-id.ts";
import { snapshotFiles, storeSuite, storeVersion } from "../../shared/registry/version-store.ts";
import type { IntakeDependencies } from "./intake-dependencies.ts";
import type { WorkingCopy } from "./read-working-copy.ts";

const ID_LENGTH = 12;

/** Stores the version and the suite that a valid flow's files make, under names that follow from their content. */
export async function storeSnapshot(
  flow: string,
  definition: FlowDefinition,
  copy: WorkingCopy,
  { store, clock, judgeModel }: Pick<IntakeDependencies, "store" | "clock" | "judgeModel">,
): Promise<{ version: string; suite: string }> {
  const { version, suite } = splitFlow(definition, copy.files);
  const createdAt = clock.now().toISOString();

  const versionFiles = snapshotFiles(version.files);
  const versionManifest: VersionManifest = {
    flow,
    id: versionId(version.definition, versionFiles),
    definition: version.definition,
    files: versionFiles,
    createdAt,
    commit: copy.commit,
  };

  const { rows } = datasetRows(definition.evaluation.datasets, copy.files);
  const suiteFiles = snapshotFiles(suite.files);
  const judge = { model: judgeModel, revisions: revisionsOf(definition.evaluation.evaluators) };
  // Where a requirement stands in the file is for messages: moving it does not make another suite.
  const gate = definition.gate.map(({ line: _line, ...requirement }) => requirement);
  const rowsByBucket = divide(rows);
  const suiteManifest: SuiteManifest = {
    flow,
    id: contentHash([{ ...suite.definition, gate }, judge, suiteFiles]).slice(0, ID_LENGTH),
    definition: suite.definition,
    judge,
    files: suiteFiles,
    rows: rows.length,
    buckets: [...rowsByBucket].map(([name, members]) => ({ name, rows: members.length })),
    createdAt,
  };

  await Promise.all([
    storeVersion(store, versionManifest, version.files),
    storeSuite(store, suiteManifest, suite.files, rowsByBucket),
  ]);
  return { version: versionManifest.id, suite: suiteManifest.id };
}

function divide(rows: DatasetRow[]): Map<string, DatasetRow[]> {
  const bits = bucketBits(rows.length);
  const buckets = new Map<string, DatasetRow[]>();
  for (const row of rows) {
    const bucket = bucketOf(row.hash, bits);
    const members = buckets.get(bucket);
    if (members) members.push(row);
    else buckets.set(bucket, [row]);
  }
  return buckets;
}

function revisionsOf(evaluators: string[]): Record<string, string> {
  return Object.fromEntries(
    evaluators.map((name) => {
      const evaluator = Object.values(EVALUATORS).find((known) => known.name === name);
      if (!evaluator) throw new PermanentError(`There is no evaluator "${name}".`);
      return [name, evaluator.revision];
    }),
  );
}
