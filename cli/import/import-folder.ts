import path from "node:path";
import {
  createFindings,
  hasErrors,
  sortDiagnostics,
  START,
  type Findings,
} from "../../shared/flow/diagnostics.ts";
import { FLOW_FILE } from "../../shared/flow/flow-file.ts";
import type { Diagnostic } from "../../shared/model/flow.ts";
import { toFlowName } from "../flow-name.ts";
import { convertDataset, type ImportedDataset } from "./convert-dataset.ts";
import { distinctIds } from "./distinct-ids.ts";
import type { DatasetPlan } from "./dataset-plan.ts";
import type { ChosenVariant } from "./dag.ts";
import { findDatasets, findRun } from "./find-datasets.ts";
import { importDag } from "./import-dag.ts";
import { readFlex } from "./read-flex.ts";
import { importPrompty } from "./import-prompty.ts";
import { kindOfFolder, type FlowFile, type FoundImport } from "./find-import.ts";
import { openSource, type ImportSource } from "./import-source.ts";
import type { Carried, ImportedFlow } from "./imported-flow.ts";
import { evaluatorsNamed } from "./known-evaluators.ts";
import { readDag } from "./read-dag.ts";
import { readExperiment, type Experiment } from "./read-experiment.ts";
import { placeholder } from "./typed-value.ts";
import { suggestEvaluation } from "./suggest-evaluation.ts";
import { writeFlowYaml } from "./write-flow-yaml.ts";

/** What an import made. `files` is undefined where an error forbids to write anything. */
export interface ImportResult {
  name: string;
  files: Map<string, string | Uint8Array> | undefined;
  carried: Carried[];
  /** What was not carried over, at its place in the imported files. */
  notCarried: Diagnostic[];
}

/** Makes a flow of what was found. Reads only; `run` is the path of a run's file. */
export async function importFolder(
  found: FoundImport,
  options: { name: string | undefined; run: string | undefined },
): Promise<ImportResult> {
  const findings = createFindings();
  const source = await openSource(found.folder);
  const experiment =
    found.kind === "experiment" ? await openExperiment(found.file, source, findings) : undefined;
  const file = found.kind === "experiment" ? await flowOf(found.file, experiment, source, findings) : found;
  const namedRun =
    options.run === undefined
      ? undefined
      : path.relative(source.folder, path.resolve(options.run)).split(path.sep).join("/");
  const plans = experiment?.datasets ?? [];
  const fromRun = file !== undefined && (plans.length === 0 || namedRun !== undefined);
  const run = fromRun ? await findRun(file.file, namedRun, source, findings) : undefined;
  const read = file === undefined ? undefined : await importFile(file, run?.variant, source, findings);
  const name = toFlowName(options.name ?? experiment?.name ?? found.called);
  if (file === undefined || read === undefined) {
    return { name, files: undefined, carried: [], notCarried: sortDiagnostics(findings.list) };
  }
  const ofRun = run?.plan === undefined ? [] : [run.plan];
  const named = fromRun ? ofRun : plans;
  const isLeft = named.length === 0 && namedRun === undefined;
  const chosen = isLeft ? await findDatasets(file.file, read.inputs, source) : named;
  const datasets = await convertDatasets(chosen, read, source, findings);
  const wanted = await wantedEvaluators(found.file, experiment, source, findings);
  const context = read.steps.some((step) => "unsupported" in step && /knowledge\//.test(step.instead));
  const evaluation = suggestEvaluation(
    datasets,
    context,
    wanted.map(({ name: evaluator }) => evaluator),
  );
  for (const { name: evaluator, reason } of evaluation.refused) {
    const place = wanted.find(({ name: other }) => other === evaluator)?.place ?? START;
    findings.warning(
      found.file,
      place,
      `The evaluator ${evaluator} is not used: ${reason}.`,
      `Add ${evaluator} to evaluation.evaluators once that is so.`,
    );
  }
  const files = new Map(read.files);
  for (const { path: target, rows, images } of datasets) {
    files.set(target, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    for (const [image, bytes] of images) files.set(image, bytes);
  }
  files.set(
    FLOW_FILE,
    writeFlowYaml(
      name,
      file.file,
      read,
      datasets.map((dataset) => dataset.path),
      evaluation,
    ),
  );
  const refused = hasErrors(findings.list);
  const carried = [
    ...read.carried,
    ...datasets.flatMap((dataset, index) => carriedDataset(dataset, chosen[index])),
  ];
  return { name, files: refused ? undefined : files, carried, notCarried: sortDiagnostics(findings.list) };
}

/** An overlay, `experiment.<environment>.yaml`, changes the datasets and evaluators of the base beside it. */
async function openExperiment(
  file: string,
  source: ImportSource,
  findings: Findings,
): Promise<Experiment | undefined> {
  const base = file.replace(/^(experiment)\..+(\.ya?ml)$/i, "$1$2");
  const read = async (name: string, below?: Experiment): Promise<Experiment | undefined> => {
    const text = await source.text(name, name, START, findings);
    return text === undefined ? undefined : readExperiment(name, text, findings, below);
  };
  if (base !== file && (await source.has(base))) return read(file, await read(base));
  for (const other of await source.list(".")) {
    if (!/^experiment\..+\.ya?ml$/i.test(other)) continue;
    const message = `${other} changes this experiment for one environment, and is not read.`;
    findings.warning(other, START, message, `Import ${other} to take its datasets and evaluators.`);
  }
  return read(file);
}

async function flowOf(
  mentionedIn: string,
  experiment: Experiment | undefined,
  source: ImportSource,
  findings: Findings,
): Promise<FlowFile | undefined> {
  if (experiment === undefined) return undefined;
  const files = await source.list(experiment.flow);
  if (files.length === 0) {
    const message = `There is no flow in ${experiment.flow}.`;
    findings.error(mentionedIn, experiment.flowPlace, message, "Correct the path under flow.");
    return undefined;
  }
  const { kind, file } = kindOfFolder(experiment.flow, files);
  return { kind, file: path.posix.join(experiment.flow, file) };
}

async function importFile(
  { kind, file }: FlowFile,
  variant: ChosenVariant | undefined,
  source: ImportSource,
  findings: Findings,
): Promise<ImportedFlow | undefined> {
  if (variant !== undefined && kind !== "dag") {
    const message = `${file} has no variants: that of the run is not carried over.`;
    findings.warning(variant.file, variant.place, message);
  }
  if (kind === "prompty") return importPrompty(file, source, findings);
  const text = await source.text(file, file, START, findings);
  if (text === undefined) return undefined;
  if (kind === "flex") {
    const entry = await readFlex(file, text, source, findings);
    return entry === undefined ? undefined : importPrompty(entry, source, findings, true);
  }
  const dag = readDag(file, text, findings, variant);
  return dag === undefined || hasErrors(findings.list) ? undefined : importDag(dag, source, findings);
}

/** Where nothing is found, one row shows what rows are like, and a warning says that it is not one of theirs. */
async function convertDatasets(
  plans: readonly DatasetPlan[],
  flow: ImportedFlow,
  source: ImportSource,
  findings: Findings,
): Promise<ImportedDataset[]> {
  const datasets: ImportedDataset[] = [];
  for (const plan of plans) {
    const dataset = await convertDataset(plan, flow.inputs, source, findings);
    if (dataset === undefined) continue;
    let target = dataset.path;
    for (let count = 2; datasets.some(({ path: other }) => other === target); count += 1) {
      target = dataset.path.replace(/\.jsonl$/, `-${count}.jsonl`);
    }
    datasets.push({ ...dataset, path: target });
  }
  // An input called id is the flow's own.
  if (datasets.length > 0)
    return flow.inputs.some(({ to }) => to === "id") ? datasets : distinctIds(datasets);
  const row = Object.fromEntries(
    flow.inputs
      .filter(({ isHistory, example, hasDefault }) => !isHistory && (example !== undefined || !hasDefault))
      .map(({ to, type, example }) => [to, example ?? placeholder(type, to)]),
  );
  const rows = [
    Object.keys(row).length > 0 ? row : { question: "Write a question here that users would ask." },
  ];
  const target = "data/questions.jsonl";
  const message = `No dataset was found: ${target} holds one row, made of the inputs' defaults.`;
  findings.warning(
    flow.carried[0]?.file ?? FLOW_FILE,
    START,
    message,
    "Write 50 to 100 rows that users would ask, each with a ground_truth; or import again with --run <run.yaml>.",
  );
  return [{ path: target, rows, withGroundTruth: 0, groundTruthFrom: undefined, images: new Map() }];
}

/** The evaluators that an experiment's evaluation flows stand for; those that none of ours does are named. */
async function wantedEvaluators(
  mentionedIn: string,
  experiment: Experiment | undefined,
  source: ImportSource,
  findings: Findings,
): Promise<{ name: ReturnType<typeof evaluatorsNamed>[number]; place: Experiment["flowPlace"] }[]> {
  const wanted = [];
  for (const { name, flow, place } of experiment?.evaluators ?? []) {
    const nodes: string[] = [];
    const file = flow === undefined ? undefined : path.posix.join(flow, "flow.dag.yaml");
    if (file !== undefined && (await source.has(file))) {
      const ignored = createFindings();
      const text = await source.text(file, file, START, ignored);
      nodes.push(...(readDag(file, text ?? "", ignored)?.nodes ?? []).map((node) => node.name));
    }
    const known = evaluatorsNamed([name, path.posix.basename(flow ?? ""), ...nodes]);
    wanted.push(...known.map((evaluator) => ({ name: evaluator, place })));
    if (known.length > 0) continue;
    const message = `The evaluator ${name} is not carried over: none of Flowgate's is known to measure the same.`;
    findings.warning(
      mentionedIn,
      place,
      message,
      "Choose from groundedness, relevance, coherence, fluency, similarity, f1_score and exact_match.",
    );
  }
  return wanted;
}

function carriedDataset(dataset: ImportedDataset, plan: DatasetPlan | undefined): Carried[] {
  if (plan === undefined) return [];
  const { rows, groundTruthFrom } = dataset;
  const truth =
    groundTruthFrom === undefined ? "without ground_truth" : `ground_truth from ${groundTruthFrom}`;
  const count = dataset.images.size;
  const images = count === 0 ? "" : `, ${count} ${count === 1 ? "image" : "images"} in images/`;
  const to = `${dataset.path}, ${rows.length} ${rows.length === 1 ? "row" : "rows"}, ${truth}${images}`;
  return [{ what: `dataset ${plan.path}`, file: plan.mentionedIn, place: plan.place, to }];
}
