import { bindEvaluators } from "../../shared/evaluators/bind-evaluator.ts";
import { restsOnJudge } from "../../shared/evaluators/rests-on-judge.ts";
import { counterfactualRows } from "../../shared/flow/counterfactual-rows.ts";
import { datasetRows } from "../../shared/flow/dataset-rows.ts";
import { labelledAnswers } from "../../shared/flow/labelled-answers.ts";
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
  {
    store,
    clock,
    judgeModel,
    safetyService,
  }: Pick<IntakeDependencies, "store" | "clock" | "judgeModel" | "safetyService">,
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

  const { rows } = datasetRows(definition.evaluation, copy.files);
  const suiteFiles = snapshotFiles(suite.files);
  const evaluators = bindEvaluators(definition.evaluation.evaluators, copy.files);
  const revisions = Object.fromEntries(
    evaluators.map((evaluator) => {
      const served = evaluator.safetyService !== undefined && safetyService !== undefined;
      return [evaluator.name, `${evaluator.revision}${served ? `+${safetyService}` : ""}`];
    }),
  );
  const judge = { model: judgeModel, revisions };
  // Where a requirement stands in the file is for messages: moving it does not make another suite.
  const gate = definition.gate.map(({ line: _line, ...requirement }) => requirement);
  const made = counterfactualRows(rows, definition.evaluation.counterfactuals ?? []);
  const labels = labelledAnswers(copy.files, rows, evaluators.filter(restsOnJudge));
  const rowsByBucket = divide([...rows, ...made]);
  const suiteManifest: SuiteManifest = {
    flow,
    id: contentHash([{ ...suite.definition, gate }, judge, suiteFiles]).slice(0, ID_LENGTH),
    definition: suite.definition,
    judge,
    files: suiteFiles,
    rows: rows.length,
    clusters: clustersOf(rows),
    buckets: [...rowsByBucket].map(([name, members]) => ({
      name,
      rows: members.length,
      as: members[0]?.as ?? "quality",
    })),
    ...(labels.length > 0 && { labels: labels.length }),
    createdAt,
  };

  await Promise.all([
    storeVersion(store, versionManifest, version.files),
    storeSuite(store, suiteManifest, suite.files, rowsByBucket, labels),
  ]);
  return { version: versionManifest.id, suite: suiteManifest.id };
}

/** By bucket, rows of each kind apart. */
function divide(rows: DatasetRow[]): Map<string, DatasetRow[]> {
  const buckets = new Map<string, DatasetRow[]>();
  for (const members of Object.values(Object.groupBy(rows, ({ as }) => as))) {
    const bits = bucketBits(members.length);
    for (const row of members) {
      const bucket = bucketOf(row, bits);
      const known = buckets.get(bucket);
      if (known) known.push(row);
      else buckets.set(bucket, [row]);
    }
  }
  return buckets;
}

function clustersOf(rows: DatasetRow[]): SuiteManifest["clusters"] {
  const sizes = new Map<string, number>();
  for (const { cluster, as } of rows) {
    if (as === "quality") sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  }
  // Not spread into `Math.max`: a hundred thousand arguments do not fit the stack.
  let largest = 0;
  for (const size of sizes.values()) largest = Math.max(largest, size);
  return { count: sizes.size, largest };
}
