import type {
  Diagnostic,
  EvaluatorReference,
  FlowDefinition,
  FlowFiles,
  RetrieveStep,
} from "../model/flow.ts";
import { checkLabels } from "./check-labels.ts";
import { checkPrompt } from "./check-prompt.ts";
import { checkSteps, type CheckedStep } from "./check-steps.ts";
import { placedRows, type PlacedRow } from "./dataset-rows.ts";
import { decodeText } from "./decode-text.ts";
import {
  createFindings,
  hasErrors,
  sortDiagnostics,
  START,
  type Findings,
  type Place,
} from "./diagnostics.ts";
import { fallbackRemedy } from "./fallback-remedy.ts";
import { findSecrets } from "./find-secrets.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { missingPathRemedy, pathProblem } from "./flow-paths.ts";
import { fieldText, fieldValue } from "./field-text.ts";
import { parseFlow, type KnownNames } from "./parse-flow.ts";
import { parsePrompty } from "./parse-prompty.ts";
import { stepPath } from "./parse-steps.ts";
import { placeOfAlternative } from "./parse-variants.ts";
import { parseYaml, type ParsedYaml } from "./parse-yaml.ts";
import { MAX_FILE_BYTES, readRecords } from "./records.ts";

export type { KnownNames } from "./parse-flow.ts";

const SHOWN_LINES = 5;

/**
 * Checks a whole flow and finds every problem at once, by file and line. The definition is there whenever `flow.yaml`
 * itself could be read; whether the flow may ship is whether no diagnostic is an error.
 */
export function validateFlow(
  files: FlowFiles,
  known: KnownNames,
): { definition: FlowDefinition | undefined; diagnostics: Diagnostic[] } {
  const findings = createFindings();
  checkFiles(files, known, findings);
  const { definition, draft, diagnostics } = parseFlow(files, known);
  findings.list.push(...diagnostics);
  if (draft !== undefined) checkParts(draft, definition !== undefined, files, known, findings);
  const advised = withoutRepetition(findings.list).map((found) =>
    found.severity === "error" ? { ...found, remedy: found.remedy ?? fallbackRemedy(found.file) } : found,
  );
  return { definition, diagnostics: sortDiagnostics(advised) };
}

function checkFiles(files: FlowFiles, known: KnownNames, findings: Findings): void {
  for (const [file, bytes] of files) {
    const problem = pathProblem(file);
    if (problem !== undefined) findings.error(file, START, problem, "Rename the file.");
    if (bytes.length > MAX_FILE_BYTES) {
      findings.error(
        file,
        START,
        `The file has ${bytes.length} bytes; the limit is 32 MB.`,
        "Split it, or sample it.",
      );
    }
  }
  findSecrets(files, findings);
  checkLabels(files, known.evaluators, findings);
}

/** `whole`: nothing of `flow.yaml` is missing, so that what does not fit together is a finding and no consequence. */
function checkParts(
  definition: FlowDefinition,
  whole: boolean,
  files: FlowFiles,
  known: KnownNames,
  findings: Findings,
): void {
  const yaml = flowYaml(files);
  const { datasets } = definition.evaluation;
  const { rows, diagnostics } =
    datasets.length === 0 ? { rows: [], diagnostics: [] } : placedRows(definition.evaluation, files);
  const datasetPlaces = definition.evaluation.datasets.map(({ path }, index) => ({
    path,
    place: yaml.placeOf(["evaluation", "datasets", index]),
  }));
  findings.list.push(...diagnostics.map((found) => placedInFlow(found, datasetPlaces)));
  checkGroundTruth(definition.evaluation.evaluators, rows, known, yaml, findings);
  checkKnowledge(definition, files, yaml, findings);

  // A step that could not be read would make those that use it look wrong.
  const readable = whole || stepCount(yaml.value) === definition.steps.length;
  const steps = readable ? checkSteps(definition.steps, files, known.connections, yaml, findings) : [];
  const answered = whole && !hasErrors(diagnostics) ? rows : undefined;
  const check = (path: string, place: Place): void =>
    checkAnswering(path, place, steps, files, answered, yaml, findings);
  if (definition.prompt !== "") check(definition.prompt, yaml.placeOf(["prompt"]));
  for (const axis of definition.variants.filter(({ name }) => name === "prompt")) {
    for (const [index, { value }] of axis.alternatives.entries()) {
      if (value !== definition.prompt) check(String(value), placeOfAlternative(axis, index, yaml));
    }
  }
}

function stepCount(document: unknown): number {
  const steps = (document as { steps?: unknown } | null)?.steps ?? {};
  return typeof steps === "object" ? Object.keys(steps).length : 0;
}

/** A prompt that answers, or would as a variant, with the flow's steps and rows. */
function checkAnswering(
  path: string,
  place: Place,
  steps: readonly CheckedStep[],
  files: FlowFiles,
  rows: readonly PlacedRow[] | undefined,
  yaml: ParsedYaml,
  findings: Findings,
): void {
  const bytes = files.get(path);
  if (bytes === undefined) {
    findings.error(FLOW_FILE, place, `There is no file ${path}.`, missingPathRemedy(path, files));
    return;
  }
  const text = decodeText(path, bytes, findings);
  if (text === undefined) return;
  const parsed = parsePrompty(path, text, files);
  findings.list.push(...parsed.diagnostics);
  if (parsed.prompt !== undefined && rows !== undefined) {
    checkPrompt(parsed.prompt, steps, rows, yaml, findings);
  }
}

/** `flow.yaml` has been parsed without errors before; this is for the places of its parts. */
function flowYaml(files: FlowFiles): ParsedYaml {
  const text = new TextDecoder().decode(files.get(FLOW_FILE)).replaceAll("\r\n", "\n");
  return parseYaml(FLOW_FILE, text, createFindings()) ?? { value: undefined, placeOf: () => START };
}

/** A path that is missing is reported where `flow.yaml` names it. */
function placedInFlow(
  found: Diagnostic,
  places: { path: string; place: { line: number; column: number } }[],
): Diagnostic {
  const named = places.find(({ path }) => found.file === FLOW_FILE && found.message.includes(path));
  return named === undefined ? found : { ...found, ...named.place };
}

function checkKnowledge(
  definition: FlowDefinition,
  files: FlowFiles,
  yaml: ParsedYaml,
  findings: Findings,
): void {
  const read = new Map<string, ReturnType<typeof readRecords>>();
  for (const step of definition.steps) {
    if (step.kind !== "lookup" && step.kind !== "retrieve") continue;
    const place = yaml.placeOf(stepPath(yaml, step.name, step.kind));
    const known = read.get(step.source);
    const { records, diagnostics } = known ?? readRecords(step.source, files);
    if (known === undefined) {
      read.set(step.source, { records, diagnostics });
      findings.list.push(...diagnostics.map((found) => placedInFlow(found, [{ path: step.source, place }])));
    }
    if (diagnostics.length > 0) continue;
    if (records.length === 0)
      findings.error(step.source, START, "The knowledge has no records.", "Add some.");
    if (records.length === 0) continue;
    const named = step.kind === "lookup" ? [{ at: ["by"], field: step.by }] : fieldsOf(step);
    for (const { at, field } of named) {
      const valueOf = step.kind === "lookup" ? fieldText : fieldValue;
      if (records.some(({ value }) => valueOf(value, field) !== undefined)) continue;
      const there = [...new Set(records.slice(0, 100).flatMap(({ value }) => Object.keys(value)))];
      const where = yaml.placeOf(stepPath(yaml, step.name, ...at));
      const message = `No record of ${step.source} has a field ${field}.`;
      findings.error(FLOW_FILE, where, message, `Fields: ${there.join(", ")}.`);
    }
  }
}

function fieldsOf({ fields = [] }: RetrieveStep): { at: PropertyKey[]; field: string }[] {
  return fields.map((field, index) => ({ at: ["fields", index], field }));
}

function checkGroundTruth(
  evaluators: readonly EvaluatorReference[],
  rows: readonly PlacedRow[],
  known: KnownNames,
  yaml: ParsedYaml,
  findings: Findings,
): void {
  const needing = evaluators.filter(({ use }) => known.needGroundTruth?.includes(use) === true);
  const lacking = rows.filter(({ fields }) => !fields.ground_truth && !fields.groundTruth);
  const [first] = lacking;
  const [evaluator] = needing;
  if (first === undefined || evaluator === undefined) return;
  const place = yaml.placeOf(["evaluation", "evaluators", evaluators.indexOf(evaluator)]);
  const names = needing.map(({ name }) => name);
  const where = lacking.slice(0, SHOWN_LINES).map(({ file, line }) => `${file}:${line}`);
  const more = lacking.length > SHOWN_LINES ? ` and ${lacking.length - SHOWN_LINES} more` : "";
  const message = `${names.join(", ")} compare with ground_truth, which ${lacking.length} of ${rows.length} rows lack: ${where.join(", ")}${more}.`;
  findings.error(FLOW_FILE, place, message, "Add ground_truth to these rows, or take the evaluators out.");
}

function withoutRepetition(list: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return list.filter((found) => {
    const key = `${found.file}:${found.line}:${found.column}:${found.message}`;
    const first = !seen.has(key);
    seen.add(key);
    return first;
  });
}
