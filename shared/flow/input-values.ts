import type { Prompty } from "./prompty.ts";
import { RenderError } from "./render-error.ts";

/**
 * The inputs given, with the prompt's defaults where they are missing, never its sample. What is not declared is
 * passed on. Throws `RenderError` listing all that are required and missing.
 */
export function inputValues(
  prompt: Pick<Prompty, "path" | "inputs">,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const missing = missingInputs(prompt, inputs);
  const [first] = missing;
  if (first !== undefined) {
    throw new RenderError(missingMessage(missing.map(({ name }) => name)), {
      place: { file: prompt.path, line: first.line, column: first.column },
    });
  }
  return withDefaults(prompt, inputs);
}

/** The inputs given, with the prompt's defaults where they are missing; of what is required nothing is asked. */
export function withDefaults(
  prompt: Pick<Prompty, "inputs">,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const missing = prompt.inputs.filter(
    ({ name, default: fallback }) => fallback !== undefined && !isGiven(name, inputs),
  );
  const names = Object.keys(inputs);
  if (missing.length === 0 && names.every((name) => inputs[name] !== undefined)) return inputs;
  const given = { ...inputs };
  for (const name of names) if (given[name] === undefined) delete given[name];
  return { ...given, ...Object.fromEntries(missing.map(({ name, default: value }) => [name, value])) };
}

/** How an error lists them. */
export function missingMessage(names: readonly string[]): string {
  return `Missing required ${names.length === 1 ? "input" : "inputs"}: ${names.join(", ")}.`;
}

/** The inputs that are required, have no default and were not given. */
export function missingInputs(
  prompt: Pick<Prompty, "inputs">,
  inputs: Readonly<Record<string, unknown>>,
): Prompty["inputs"] {
  return prompt.inputs.filter(
    ({ name, required, default: fallback }) => required && fallback === undefined && !isGiven(name, inputs),
  );
}

function isGiven(name: string, inputs: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(inputs, name) && inputs[name] !== undefined;
}
