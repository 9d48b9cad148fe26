import { bindEvaluators } from "../../shared/evaluators/bind-evaluator.ts";
import { restsOnJudge } from "../../shared/evaluators/rests-on-judge.ts";
import { createCounterfactualRows } from "../../shared/flow/counterfactual-rows.ts";
import { rowsOf } from "../../shared/flow/dataset-rows.ts";
import { labelledAnswers, labelledIds } from "../../shared/flow/labelled-answers.ts";
import { splitFlow } from "../../shared/flow/split-flow.ts";
import { contentHash } from "../../shared/model/canonical.ts";
import type { FlowDefinition, FlowFiles } from "../../shared/model/flow.ts";
import type { DatasetRow, SuiteManifest, VersionManifest } from "../../shared/model/version.ts";
import { versionId } from "../../shared/registry/version-id.ts";
import { snapshotFiles, storeSuite, storeVersion } from "../../shared/registry/version-store.ts";
import { bucketBatches, inTurns } from "./bucket-batches.ts";
import type { IntakeDependencies } from "./intake-dependencies.ts";
import type { WorkingCopy } from "./read-working-copy.ts";
import { createRowSurvey, type RowSurvey } from "./survey-rows.ts";

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
    embeddingModel,
    safetyService,
  }: Pick<IntakeDependencies, "store" | "clock" | "judgeModel" | "embeddingModel" | "safetyService">,
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

  const suiteFiles = snapshotFiles(suite.files);
  const evaluators = bindEvaluators(definition.evaluation.evaluators, copy.files);
  const revisions = Object.fromEntries(
    evaluators.map(({ name, revision, ...evaluator }) => {
      const served = evaluator.safetyService === undefined ? undefined : safetyService;
      const beside = evaluator.embeds ? embeddingModel : served;
      return [name, beside === undefined ? revision : `${revision}+${beside}`];
    }),
  );
  const judge = { model: judgeModel, revisions };
  // Where a requirement stands in the file is for messages: moving it does not make another suite.
  const gate = definition.gate.map(({ line: _line, ...requirement }) => requirement);
  const { survey, rows, labelled } = await readRows(definition, copy.files);
  const labels = labelledAnswers(copy.files, labelled, evaluators.filter(restsOnJudge));
  const suiteManifest: SuiteManifest = {
    flow,
    id: contentHash([{ ...suite.definition, gate }, judge, suiteFiles]).slice(0, ID_LENGTH),
    definition: suite.definition,
    judge,
    files: suiteFiles,
    rows: survey.rows(),
    clusters: survey.clusters(),
    buckets: survey.buckets().map(({ bytes: _bytes, ...bucket }) => bucket),
    ...(labels.length > 0 && { labels: labels.length }),
    createdAt,
  };

  await Promise.all([
    storeVersion(store, versionManifest, version.files),
    storeSuite(store, suiteManifest, suite.files, bucketBatches(rows, survey), labels),
  ]);
  return { version: versionManifest.id, suite: suiteManifest.id };
}

/**
 * Reads the datasets once, for what the suite must know of their rows, and says how to read them again. Held are the
 * rows that substitutions make and those whose answers people labelled.
 */
async function readRows(
  { evaluation }: Pick<FlowDefinition, "evaluation">,
  files: FlowFiles,
): Promise<{ survey: RowSurvey; rows: () => Iterable<DatasetRow>; labelled: DatasetRow[] }> {
  const survey = createRowSurvey();
  const counterfactuals = createCounterfactualRows(evaluation.counterfactuals ?? []);
  const ids = labelledIds(files);
  const labelled: DatasetRow[] = [];
  for await (const row of inTurns(rowsOf(evaluation, files))) {
    survey.add(row);
    counterfactuals.add(row);
    if (ids.has(row.id)) labelled.push(row);
  }
  const made = counterfactuals.rows();
  for (const row of made) survey.add(row);
  return {
    survey,
    labelled,
    *rows() {
      yield* rowsOf(evaluation, files);
      yield* made;
    },
  };
}
