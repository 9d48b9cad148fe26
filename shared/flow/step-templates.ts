import type { StepDefinition } from "../model/flow.ts";
import { HISTORY_NAMES } from "./chat-history.ts";
import { compileCondition, compileValue } from "./compile-expression.ts";
import type { NameUse } from "./jinja/collect-names.ts";
import type { Prompty } from "./prompty.ts";
import { templateOf } from "./render-messages.ts";

/** One template of a step, and where it stands in the step. */
export interface StepTemplate {
  at: PropertyKey[];
  source: string;
  condition: boolean;
}

/** A name that a step takes from the inputs or from another step. */
export interface StepUse {
  name: string;
  /** Its absence is planned for. */
  guarded: boolean;
  /** The part of the step that uses it. */
  at: PropertyKey[];
}

/** The templates in a step: its condition, its query or key, and the inputs it gives to a prompt. */
export function stepTemplates(step: StepDefinition): StepTemplate[] {
  const { when } = step;
  if (step.kind === "lookup") return writtenTemplates({ when, equals: step.equals });
  return writtenTemplates(
    step.kind === "prompt" ? { when, inputs: step.inputs } : { when, query: step.query },
  );
}

/** The templates in the parts of a step that have any, whatever its kind. */
export function writtenTemplates(step: {
  when?: string | boolean | undefined;
  equals?: unknown;
  query?: unknown;
  inputs?: unknown;
}): StepTemplate[] {
  const { when, equals, query, inputs } = step;
  const condition = when === undefined ? [] : [{ at: ["when"], source: String(when), condition: true }];
  return [
    ...condition,
    ...templatesIn(equals, ["equals"]),
    ...templatesIn(query, ["query"]),
    ...templatesIn(inputs, ["inputs"]),
  ];
}

function templatesIn(value: unknown, at: PropertyKey[]): StepTemplate[] {
  if (typeof value === "string") return [{ at, source: value, condition: false }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    templatesIn(inner, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

/** The names that one template uses. Throws `TemplateError`. */
export function usesOfTemplate({ at, source, condition }: StepTemplate): StepUse[] {
  const { names } = condition ? compileCondition(source) : compileValue(source);
  return names.map(({ name, guarded }) => ({ name, guarded, at }));
}

/**
 * The names that the prompt of a step takes under their own name, because the step's `inputs` do not give them. `names`
 * are those that its template uses.
 */
export function usesOfPrompt(
  given: Readonly<Record<string, unknown>>,
  prompt: Prompty,
  names: readonly Pick<NameUse, "name" | "guarded">[] = templateOf(prompt).names,
): StepUse[] {
  const declared = prompt.inputs.map((input) => ({
    name: input.name,
    guarded: input.default !== undefined || !input.required,
  }));
  const used = names.map(({ name, guarded }) => {
    const input = prompt.inputs.find((known) => known.name === name);
    return { name, guarded: guarded || input?.default !== undefined };
  });
  return [...used, ...declared]
    .filter(({ name }) => !Object.hasOwn(given, name))
    .map((use) => ({
      ...use,
      guarded: use.guarded || HISTORY_NAMES.includes(use.name),
      at: ["prompt"],
    }));
}

/** Every name that a step uses. Throws `TemplateError`. */
export function usesOfStep(step: StepDefinition, promptAt: (path: string) => Prompty | undefined): StepUse[] {
  const own = stepTemplates(step).flatMap(usesOfTemplate);
  const prompt = step.kind === "prompt" ? promptAt(step.prompt) : undefined;
  return step.kind === "prompt" && prompt !== undefined
    ? [...own, ...usesOfPrompt(step.inputs, prompt)]
    : own;
}
