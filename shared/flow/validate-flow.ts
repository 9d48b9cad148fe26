import type { Diagnostic, FlowDefinition, FlowFiles } from "../model/flow.ts";
import { checkPrompt } from "./check-prompt.ts";
import { placedRows, type PlacedRow } from "./dataset-rows.ts";
import { decodeText } from "./decode-text.ts";
import { createFindings, hasErrors, sortDiagnostics, START, type Findings } from "./diagnostics.ts";
import { findSecrets } from "./find-secrets.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { missingPathRemedy, pathProblem } from "./flow-paths.ts";
import { fieldText } from "./field-text.ts";
import { parseFlow, type KnownNames } from "./parse-flow.ts";
import { parsePrompty } from "./parse-prompty.ts";
import { parseYaml, type ParsedYaml } from "./parse-yaml.ts";
import { MAX_FILE_BYTES, readRecords } from "./records.ts";

export type { KnownNames } from "./parse-flow.ts";

const NEED_GROUND_TRUTH = ["similarity", "f1_score", "exact_match"];
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
  checkFiles(files, findings);
  const { definition, diagnostics } = parseFlow(files, known);
  findings.list.push(...diagnostics);
  if (definition !== undefined) checkParts(definition, files, known, findings);
  return { definition, diagnostics: sortDiagnostics(withoutRepetition(findings.list)) };
}

function checkFiles(files: FlowFiles, findings: Findings): void {
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
}

function checkParts(
  definition: FlowDefinition,
  files: FlowFiles,
  known: KnownNames,
  findings: Findings,
): void {
  const yaml = flowYaml(files);
  const { rows, diagnostics } = placedRows(definition.evaluation.datasets, files);
  const datasetPlaces = definition.evaluation.datasets.map(({ path }, index) => ({
    path,
    place: yaml.placeOf(["evaluation", "datasets", index]),
  }));
  findings.list.push(...diagnostics.map((found) => placedInFlow(found, datasetPlaces)));
  checkGroundTruth(definition.evaluation.evaluators, rows, known, yaml, findings);
  checkKnowledge(definition, files, yaml, findings);

  const { prompt: path } = definition;
  const bytes = files.get(path);
  if (bytes === undefined) {
    const place = yaml.placeOf(["prompt"]);
    findings.error(FLOW_FILE, place, `There is no file ${path}.`, missingPathRemedy(path, files));
    return;
  }
  const text = decodeText(path, bytes, findings);
  if (text === undefined) return;
  const parsed = parsePrompty(path, text, files);
  findings.list.push(...parsed.diagnostics);
  if (parsed.prompt !== undefined && !hasErrors(diagnostics)) {
    checkPrompt(parsed.prompt, definition.steps, rows, yaml, findings);
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
  const checked = new Set<string>();
  for (const step of definition.steps) {
    const place = yaml.placeOf(["steps", step.name, step.kind]);
    const { records, diagnostics } = readRecords(step.source, files);
    if (!checked.has(step.source)) {
      findings.list.push(...diagnostics.map((found) => placedInFlow(found, [{ path: step.source, place }])));
    }
    checked.add(step.source);
    if (diagnostics.length > 0) continue;
    if (records.length === 0)
      findings.error(step.source, START, "The knowledge has no records.", "Add some.");
    if (step.kind !== "lookup" || records.length === 0) continue;
    if (records.some(({ value }) => fieldText(value, step.by) !== undefined)) continue;
    const fields = [...new Set(records.slice(0, 100).flatMap(({ value }) => Object.keys(value)))];
    const by = yaml.placeOf(["steps", step.name, "by"]);
    findings.error(
      FLOW_FILE,
      by,
      `No record of ${step.source} has a field ${step.by}.`,
      `Fields: ${fields.join(", ")}.`,
    );
  }
}

function checkGroundTruth(
  evaluators: readonly string[],
  rows: readonly PlacedRow[],
  known: KnownNames,
  yaml: ParsedYaml,
  findings: Findings,
): void {
  const needing = evaluators.filter((name) => (known.needGroundTruth ?? NEED_GROUND_TRUTH).includes(name));
  const lacking = rows.filter(({ fields }) => !fields.ground_truth && !fields.groundTruth);
  const [first] = lacking;
  const [evaluator] = needing;
  if (first === undefined || evaluator === undefined) return;
  const place = yaml.placeOf(["evaluation", "evaluators", evaluators.indexOf(evaluator)]);
  const where = lacking.slice(0, SHOWN_LINES).map(({ file, line }) => `${file}:${line}`);
  const more = lacking.length > SHOWN_LINES ? ` and ${lacking.length - SHOWN_LINES} more` : "";
  const message = `${needing.join(", ")} compare with ground_truth, which ${lacking.length} of ${rows.length} rows lack: ${where.join(", ")}${more}.`;
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
