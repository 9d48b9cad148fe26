import type { Diagnostic, FlowDefinition, FlowFiles } from "../model/flow.ts";
import { WRITTEN_SECRET } from "./check-connection.ts";
import { createFairnessCheck } from "./check-fairness.ts";
import { createGroundTruthCheck } from "./check-ground-truth.ts";
import { checkJudges } from "./check-judges.ts";
import { checkKnowledge } from "./check-knowledge.ts";
import { checkLabels, createLabelledRowsCheck } from "./check-labels.ts";
import { checkMentioned } from "./check-mentioned.ts";
import { createPromptCheck, type PromptSurroundings } from "./check-prompt.ts";
import { checkReferences } from "./check-references.ts";
import { createRowFieldsCheck } from "./check-row-fields.ts";
import { createRowTypes } from "./check-row-types.ts";
import { checkScales } from "./check-scales.ts";
import { checkSafetyRows } from "./check-safety-rows.ts";
import { checkStepNames } from "./check-step-names.ts";
import { checkSteps } from "./check-steps.ts";
import {
  createFindings,
  hasErrors,
  sortDiagnostics,
  START,
  type Findings,
  type Place,
} from "./diagnostics.ts";
import { fallbackRemedy } from "./fallback-remedy.ts";
import { findSecrets, LIKE_SECRET } from "./find-secrets.ts";
import { sizeOf } from "./file-pieces.ts";
import type { KnownNames } from "./flow-context.ts";
import { pathProblem } from "./flow-paths.ts";
import { createMeantFile, type CheckContext } from "./meant-file.ts";
import { parseFlow, type FlowDraft } from "./parse-flow.ts";
import type { PromptyDraft } from "./prompty.ts";
import { readDatasets } from "./read-datasets.ts";
import { readPrompt } from "./read-prompt.ts";
import { MAX_FILE_BYTES } from "./records.ts";
import type { RowCheck } from "./row-check.ts";
import { rowTurns, withFirstTurn } from "./row-turns.ts";
import { tryRows } from "./try-rows.ts";
import { createUnread } from "./unread.ts";

/**
 * Checks a whole flow and finds every problem at once, by file and line. What one problem keeps from being read hides
 * nothing else: all that can still be told is. A problem that may come of another one is left out. The definition is
 * there whenever `flow.yaml` itself is without errors; whether the flow may ship is whether no diagnostic is one.
 */
export function validateFlow(
  files: FlowFiles,
  known: KnownNames,
): { definition: FlowDefinition | undefined; diagnostics: Diagnostic[] } {
  const findings = createFindings();
  checkFiles(files, findings);
  const { definition, draft, diagnostics } = parseFlow(files, known);
  findings.list.push(...diagnostics);
  checkLabels(files, known, draft?.evaluation.evaluators ?? [], findings);
  if (draft === undefined) checkMentioned(files, findings);
  else
    checkParts(draft, { yaml: draft.yaml, findings, known, files, meantFile: createMeantFile(draft, files) });
  const advised = eachOnce(withoutEcho(findings.list)).map((found) =>
    found.severity === "error" ? { ...found, remedy: found.remedy ?? fallbackRemedy(found.file) } : found,
  );
  return { definition, diagnostics: sortDiagnostics(advised) };
}

function checkFiles(files: FlowFiles, findings: Findings): void {
  for (const file of files.keys()) {
    const problem = pathProblem(file);
    const size = sizeOf(file, files);
    if (problem !== undefined) findings.error(file, START, problem, "Rename the file.");
    if (size > MAX_FILE_BYTES) {
      findings.error(
        file,
        START,
        `The file has ${size} bytes; the limit is 32 MB.`,
        "Split it, or sample it.",
      );
    }
  }
  findSecrets(files, findings);
}

function checkParts(draft: FlowDraft, context: CheckContext): void {
  const { yaml } = context;
  const [given, used] = [createUnread(), createUnread()];
  for (const text of yaml.overridden) {
    given.addText(text);
    used.addText(text);
  }
  if (!draft.allSteps) {
    given.addAnything();
    used.addAnything();
  }
  // A step without a name, or with another's, would give something else under its own.
  const isStep = (text: string): boolean => /[{:]/.test(text);
  if (draft.steps.some(({ name }) => name === undefined) || yaml.overridden.some(isStep))
    given.addSomething();

  checkScales(draft, context);
  checkSafetyRows(draft.evaluation, context);
  checkKnowledge(draft.steps, context);
  const steps = checkSteps(draft.steps, context, used);

  const answering = new Map<string, Place>();
  if (draft.prompt !== undefined) answering.set(draft.prompt, yaml.placeOf(["prompt"]));
  for (const { alternatives } of draft.variants.filter(({ name }) => name === "prompt")) {
    for (const { value, at } of alternatives) {
      const path = String(value);
      if (!answering.has(path)) answering.set(path, yaml.placeOf(at));
    }
  }
  const read = [...answering].flatMap(([path, place]) => readPrompt(path, place, context) ?? []);
  const evaluators = draft.evaluation.evaluators ?? [];
  const rowFields = new Set<string>();
  const checks: RowCheck[] = [
    createFairnessCheck(draft, context),
    createLabelledRowsCheck(context),
    createGroundTruthCheck(evaluators, context),
    // What a prompt that could not be read would take, nobody knows.
    ...(read.length === answering.size && draft.allSteps ? [createRowFieldsCheck(read, steps, context)] : []),
    ...read.map((prompt) => createTypedPromptCheck(prompt, { steps, given, used }, context)),
  ];
  for (const row of readDatasets(draft.evaluation, context, given)) {
    const fields = withFirstTurn(row.fields);
    const severalTurns = rowTurns(row.fields)?.length;
    const seen = severalTurns === undefined ? row : { ...row, fields, severalTurns };
    for (const name of Object.keys(seen.fields)) rowFields.add(name);
    for (const check of checks) check.add(seen);
  }
  for (const check of checks) check.end();
  checkJudges(evaluators, rowFields, context);
  if (read.length === answering.size && read.length > 0)
    checkStepNames(steps, read, rowFields, createUnread(used, ...read.map(({ unread }) => unread)), context);
  if (read.length > 0) return;
  // A reference may be to an input of the prompt.
  given.addSomething();
  checkReferences(steps, { sure: rowFields, declared: new Set(), unread: given }, context);
}

/** The prompt's check, of rows as their types make them. */
function createTypedPromptCheck(
  draft: PromptyDraft,
  surroundings: PromptSurroundings,
  context: CheckContext,
): RowCheck {
  const types = createRowTypes(draft.prompt, surroundings.steps, context);
  const check = createPromptCheck(draft, surroundings, context);
  const trial = tryRows(draft, surroundings.steps, context);
  return {
    add(row) {
      const before = context.findings.list.length;
      const typed = types.typed(row);
      check.add(typed);
      // What is wrong with the row itself has been said.
      if (!hasErrors(context.findings.list.slice(before))) trial.add(typed);
    },
    end() {
      types.end();
      check.end();
      trial.end();
    },
  };
}

/** A key that is found under its name is not found again by its looks. */
function withoutEcho(list: readonly Diagnostic[]): Diagnostic[] {
  const named = new Set(
    list.flatMap(({ message, file, line }) =>
      message.startsWith(WRITTEN_SECRET) ? [`${file}:${line}`] : [],
    ),
  );
  return list.filter(
    ({ message, file, line }) => !(message.startsWith(LIKE_SECRET) && named.has(`${file}:${line}`)),
  );
}

/** Each finding once, as an error where it is one to whatever else met with it. */
function eachOnce(list: readonly Diagnostic[]): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const one of list) {
    const key = `${one.file}:${one.line}:${one.column}:${one.message}`;
    const before = found.get(key);
    if (before === undefined || (before.severity === "warning" && one.severity === "error"))
      found.set(key, one);
  }
  return [...found.values()];
}
