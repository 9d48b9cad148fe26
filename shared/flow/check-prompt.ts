import { checkHistories, valuesAtUse, type GivenValues } from "./check-histories.ts";
import { checkGivenImages, checkImages } from "./check-images.ts";
import { checkInputs } from "./check-inputs.ts";
import { checkMarkers } from "./check-markers.ts";
import { checkReferences } from "./check-references.ts";
import type { CheckedStep } from "./check-steps.ts";
import type { PlacedRow } from "./dataset-rows.ts";
import type { Findings, Place } from "./diagnostics.ts";
import type { FlowContext } from "./flow-context.ts";
import type { Prompty, PromptyDraft } from "./prompty.ts";
import { placeInTemplate, templateOf } from "./render-messages.ts";
import { createUnread, type Unread } from "./unread.ts";

const SHOWN_LINES = 5;
/** Rows whose values show what form an input has. */
const MAX_EXAMPLES = 200;

/** What there is for a prompt, as far as it could be read. */
export interface PromptSurroundings {
  steps: readonly CheckedStep[];
  rows: readonly PlacedRow[];
  /** What else may be given. */
  given: Unread;
  /** What else the steps may use. */
  used: Unread;
}

/** Holds what the prompt and the steps use against what rows, steps and defaults supply. */
export function checkPrompt(
  { prompt, hasTemplate, unread }: PromptyDraft,
  { steps, rows, given, used }: PromptSurroundings,
  context: FlowContext,
): void {
  const { findings } = context;
  const rowFields = new Set(rows.flatMap(({ fields }) => Object.keys(fields)));
  const stepNames = steps.flatMap(({ name }) => name ?? []);
  const isFromRows = (name: string): boolean => !stepNames.includes(name);
  const defaults = prompt.inputs.filter((input) => input.default !== undefined).map(({ name }) => name);
  const declared = new Set(prompt.inputs.map(({ name }) => name));
  const sure = new Set([...rowFields, ...defaults]);
  const mayBeGiven = createUnread(given, unread);
  const usedBySteps = checkReferences(steps, { sure, declared, unread: mayBeGiven }, context);
  if (hasTemplate) {
    checkSkipped(prompt, steps, findings);
    checkInputs(
      prompt,
      {
        names: new Set([...sure, ...stepNames]),
        usedElsewhere: usedBySteps,
        examples: (name) => [
          // A lookup finds one record.
          ...steps.flatMap((step) => (step.definition?.kind === "lookup" && step.name === name ? [{}] : [])),
          ...examplesIn(rows, name),
          Object.hasOwn(prompt.sample, name) ? prompt.sample[name] : undefined,
        ],
        unread: { given: mayBeGiven, used: createUnread(used, unread) },
      },
      findings,
    );
    const sample = valuesAtUse(prompt, prompt.sample).map((values) => ({ ...values, isSample: true }));
    checkHistories(prompt, [...sample, ...valuesOfRows(rows, isFromRows)], findings);
  }
  checkImages(prompt, findings);
  checkGivenImages(prompt, rows, isFromRows, findings);
  for (const { draft, taken } of steps) {
    if (draft === undefined) continue;
    const asked = new Set(taken.map(({ name }) => name).filter(isFromRows));
    const isAsked = (name: string): boolean => asked.has(name);
    checkImages(draft.prompt, findings);
    checkGivenImages(draft.prompt, rows, isAsked, findings);
    if (!draft.hasTemplate) continue;
    checkMarkers(draft.prompt, (name) => (isAsked(name) ? examplesIn(rows, name) : []), findings);
    checkHistories(draft.prompt, valuesOfRows(rows, isAsked), findings);
  }
  for (const { name, required, default: fallback, line, column } of prompt.inputs) {
    if (!required || fallback !== undefined) continue;
    checkRequired(prompt, name, { line, column }, stepNames, rows, findings);
  }
}

function valuesOfRows(rows: readonly PlacedRow[], isTaken: (name: string) => boolean): GivenValues[] {
  return rows.map(({ fields, file, line }) => ({
    values: Object.fromEntries(Object.entries(fields).filter(([name]) => isTaken(name))),
    file,
    place: { line, column: 1 },
  }));
}

function examplesIn(rows: readonly PlacedRow[], name: string): unknown[] {
  return rows.slice(0, MAX_EXAMPLES).map(({ fields }) => fields[name]);
}

function checkRequired(
  prompt: Prompty,
  name: string,
  place: Place,
  steps: string[],
  rows: readonly PlacedRow[],
  findings: Findings,
): void {
  if (steps.includes(name)) return;
  const lacking = rows.filter(({ fields }) => fields[name] === undefined);
  if (lacking.length === 0) return;
  const where = lacking.slice(0, SHOWN_LINES).map(({ file, line }) => `${file}:${line}`);
  const more = lacking.length > SHOWN_LINES ? ` and ${lacking.length - SHOWN_LINES} more` : "";
  const message = `The prompt requires ${name}, which ${lacking.length} of ${rows.length} rows lack: ${where.join(", ")}${more}.`;
  findings.error(prompt.path, place, message, "Add it to the rows, give it a default, or do not require it.");
}

/** A step that is skipped is none, which a loop does not take. A template that asks for it elsewhere has thought of it. */
function checkSkipped(prompt: Prompty, checked: readonly CheckedStep[], findings: Findings): void {
  const { names } = templateOf(prompt);
  for (const { name: step, definition } of checked) {
    const uses = names.filter(({ name }) => name === step);
    const loop = uses.find(({ looped }) => looped);
    if (definition?.when === undefined || loop === undefined || uses.some(({ looped }) => !looped)) continue;
    const message = `${step} is none when its step is skipped, and none cannot be looped over.`;
    findings.warning(prompt.path, placeInTemplate(prompt, loop.at), message, `Loop over (${step} or []).`);
  }
}
