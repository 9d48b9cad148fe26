import type { CheckedStep } from "./check-steps.ts";
import { compileCondition, type Compiled } from "./compile-expression.ts";
import type { Place } from "./diagnostics.ts";
import { FLOW_FILE } from "./flow-file.ts";
import { missingInputs } from "./input-values.ts";
import { TemplateError } from "./jinja/template-error.ts";
import { createTrial, type Trial } from "./jinja/trial.ts";
import { UNKNOWN, UnknownValue } from "./jinja/values/unknown.ts";
import { compileInput } from "./load-step.ts";
import type { Prompty } from "./prompty.ts";
import { stepTemplates } from "./step-templates.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Something that fails when a row is tried. */
export interface Failure extends Place {
  file: string;
  message: string;
}

interface TrialParts {
  /** Where a part of `flow.yaml` stands. */
  placeOf(at: PropertyKey[]): Place;
  /** The value of a step's template. Throws as it does. */
  evaluate(template: Compiled<unknown>, trial: Trial): unknown;
  /** Renders a prompt, to see all that fails. */
  render(prompt: Prompty, inputs: Fields): Failure[];
}

/** What a step's own templates and its prompt certainly fail with; nothing for what cannot be told. */
export function failuresOfStep(
  { at, definition, draft, shown, taken }: CheckedStep,
  inputs: Fields,
  { placeOf, evaluate, render }: TrialParts,
): Failure[] {
  if (definition === undefined) return [];
  const failures: Failure[] = [];
  const valueOf = (part: PropertyKey[], template: Compiled<unknown> | undefined): unknown => {
    if (template === undefined) return UNKNOWN;
    const trial = createTrial();
    const value = valueIn(trial, () => evaluate(template, trial));
    for (const { message } of trial.failures)
      failures.push({
        file: FLOW_FILE,
        ...placeOf([...at, ...part]),
        message: `The template of step ${shown}: ${message}`,
      });
    return value;
  };
  if (definition.when !== undefined) {
    const { when } = definition;
    const runs = valueOf(
      ["when"],
      readable(() => compileCondition(when)),
    );
    // Whatever else it has is for when it runs.
    if (runs !== true) return failures;
  }
  const given: Record<string, unknown> = {};
  for (const template of stepTemplates(definition)) {
    const [name, key] = template.at;
    if (name === "when") continue;
    const value = valueOf(
      template.at,
      readable(() => compileInput(template.source)),
    );
    if (name === "inputs" && typeof key === "string") given[key] = template.at.length === 2 ? value : UNKNOWN;
  }
  if (definition.kind !== "prompt" || draft?.hasTemplate !== true) return failures;
  const asked = taken.flatMap(({ name }) => (Object.hasOwn(inputs, name) ? [[name, inputs[name]]] : []));
  const others = Object.entries(definition.inputs).filter(([name]) => !Object.hasOwn(given, name));
  const values = { ...Object.fromEntries([...asked, ...others]), ...given };
  return missingInputs(draft.prompt, values).length > 0
    ? failures
    : [...failures, ...render(draft.prompt, values)];
}

/** Undefined for a template that cannot be read, of which that has been said. */
function readable(compile: () => Compiled<unknown>): Compiled<unknown> | undefined {
  try {
    return compile();
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

/** A value that a trial works out; `UNKNOWN` for what fails, or depends on what is not known. */
function valueIn(trial: Trial, work: () => unknown): unknown {
  try {
    const value = work();
    return trial.complete ? value : UNKNOWN;
  } catch (error) {
    if (error instanceof TemplateError) trial.fail(error);
    else if (!(error instanceof UnknownValue)) throw error;
    return UNKNOWN;
  }
}
