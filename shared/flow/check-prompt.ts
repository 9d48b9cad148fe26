import { createHistoryCheck, valuesAtUse, type GivenValues } from "./check-histories.ts";
import { checkImages, createGivenImagesCheck } from "./check-images.ts";
import { checkInputs } from "./check-inputs.ts";
import { checkReferences } from "./check-references.ts";
import { checkStepPrompts } from "./check-step-prompts.ts";
import type { CheckedStep } from "./check-steps.ts";
import type { PlacedRow } from "./dataset-rows.ts";
import type { Findings } from "./diagnostics.ts";
import type { FlowContext } from "./flow-context.ts";
import { ownField } from "./own-field.ts";
import type { Prompty, PromptyDraft } from "./prompty.ts";
import { placeInTemplate, templateOf, withOneHistory } from "./render-messages.ts";
import type { RowCheck } from "./row-check.ts";
import { sampledPlaces } from "./sampled-places.ts";
import { createUnread, type Unread } from "./unread.ts";

/** Rows whose values show what form an input has. */
const MAX_EXAMPLES = 200;

/** What there is for a prompt beside rows, as far as it could be read. */
export interface PromptSurroundings {
  steps: readonly CheckedStep[];
  /** What else may be given. */
  given: Unread;
  /** What else the steps may use. */
  used: Unread;
}

/** Holds what the prompt and the steps use against what rows, steps and defaults supply. */
export function createPromptCheck(
  { prompt, hasTemplate, unread }: PromptyDraft,
  { steps, given, used }: PromptSurroundings,
  context: FlowContext,
): RowCheck {
  const { findings } = context;
  const stepNames = steps.flatMap(({ name }) => name ?? []);
  const isFromRows = (name: string): boolean => !stepNames.includes(name);
  const rowFields = new Set<string>();
  const examples: PlacedRow["fields"][] = [];
  const examplesOf = (name: string): unknown[] => examples.map((fields) => ownField(fields, name));
  const required = createRequiredCheck(prompt, stepNames, findings);
  const taken = steps.flatMap((step) => {
    if (step.draft === undefined) return [];
    const asked = new Set(step.taken.map(({ name }) => name).filter(isFromRows));
    return [{ draft: step.draft, isAsked: (name: string): boolean => asked.has(name) }];
  });
  const inputs = [{ draft: { prompt, hasTemplate }, isAsked: isFromRows }, ...taken].map(
    ({ draft, isAsked }) => ({
      isAsked,
      history: draft.hasTemplate ? createHistoryCheck(draft.prompt, findings) : undefined,
      named: (fields: PlacedRow["fields"]) =>
        draft.hasTemplate ? withOneHistory(draft.prompt, fields) : fields,
      images: createGivenImagesCheck(draft.prompt, isAsked, findings),
    }),
  );
  const sample = hasTemplate ? valuesAtUse(prompt, prompt.sample) : [];
  for (const values of sample) inputs[0]?.history?.({ ...values, isSample: true });
  return {
    add(row) {
      for (const name of Object.keys(row.fields)) rowFields.add(name);
      if (examples.length < MAX_EXAMPLES) examples.push(row.fields);
      required.add(hasTemplate ? { ...row, fields: withOneHistory(prompt, row.fields) } : row);
      for (const { isAsked, history, named, images } of inputs) {
        history?.(valuesOf({ ...row, fields: named(row.fields) }, isAsked));
        images(row);
      }
    },
    end() {
      const defaults = prompt.inputs.filter((input) => input.default !== undefined).map(({ name }) => name);
      const declared = new Set(prompt.inputs.map(({ name }) => name));
      const sure = new Set([...rowFields, ...defaults]);
      const mayBeGiven = createUnread(given, unread);
      const usedBySteps = checkReferences(steps, { sure, declared, unread: mayBeGiven }, context);
      const names = new Set([...sure, ...stepNames]);
      const outerExamples = (name: string): readonly unknown[] => [
        // A lookup finds one record.
        ...steps.flatMap((step) => (step.definition?.kind === "lookup" && step.name === name ? [{}] : [])),
        ...(isFromRows(name) ? examplesOf(name) : []),
      ];
      if (hasTemplate) {
        checkSkipped(prompt, steps, findings);
        checkInputs(
          prompt,
          {
            names,
            usedElsewhere: usedBySteps,
            examples: (name) => [...outerExamples(name), ownField(prompt.sample, name)],
            unread: { given: mayBeGiven, used: createUnread(used, unread) },
          },
          findings,
        );
      }
      checkImages(prompt, findings);
      const answering = { path: prompt.path, usedElsewhere: usedBySteps };
      checkStepPrompts(steps, { names, examples: outerExamples, unread: mayBeGiven, answering }, findings);
      required.end();
    },
  };
}

function valuesOf({ fields, file, line }: PlacedRow, isTaken: (name: string) => boolean): GivenValues {
  return {
    values: Object.fromEntries(Object.entries(fields).filter(([name]) => isTaken(name))),
    file,
    place: { line, column: 1 },
  };
}

/** Rows without an input that the prompt asks for and that nothing else gives. */
function createRequiredCheck(prompt: Prompty, steps: readonly string[], findings: Findings): RowCheck {
  const inputs = prompt.inputs
    .filter(
      ({ name, required, default: fallback }) => required && fallback === undefined && !steps.includes(name),
    )
    .map((input) => ({ input, lacking: sampledPlaces() }));
  let rows = 0;
  return {
    add(row) {
      rows += 1;
      for (const { input, lacking } of inputs)
        if (ownField(row.fields, input.name) === undefined) lacking.add(row);
    },
    end() {
      for (const { input, lacking } of inputs) {
        if (lacking.count() === 0) continue;
        const message = `The prompt requires ${input.name}, which ${lacking.count()} of ${rows} rows lack: ${lacking.words()}.`;
        const remedy = "Add it to the rows, give it a default, or do not require it.";
        findings.error(prompt.path, input, message, remedy);
      }
    },
  };
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
