import { inputValueOf, type InputValueProblem } from "./input-value-problem.ts";
import type { LoadedFlow } from "./load-flow.ts";
import { type OuterInput, outerInputs } from "./outer-inputs.ts";

/** Inputs in the types that are declared, with what is wrong with those that could not be read as such. */
export interface TypedInputs {
  values: Record<string, unknown>;
  problems: (InputValueProblem & { name: string })[];
}

/**
 * Inputs that came as texts, from a CSV file or a chat's metadata, in the types that the flow's prompts declare: "3" for
 * an integer is 3, nothing for one is none. A text that cannot be read so stays, and is a problem. All else is passed
 * on.
 */
export function typedInputs(flow: LoadedFlow, given: Readonly<Record<string, unknown>>): TypedInputs {
  const values = { ...given };
  const problems: TypedInputs["problems"] = [];
  const seen = new Set<string>();
  for (const { input } of outerInputsOf(flow)) {
    const { name } = input;
    const text = Object.hasOwn(values, name) ? values[name] : undefined;
    // A type that was guessed may be another one: then the text is right as it is.
    if (typeof text !== "string" || input.guessed === true || seen.has(name)) continue;
    seen.add(name);
    const read = inputValueOf(input, text);
    if (read.problem !== undefined) problems.push({ name, ...read.problem });
    else if (read.value === undefined) delete values[name];
    else values[name] = read.value;
  }
  return { values, problems };
}

/** A flow that is loaded does not change, and every row and turn asks. */
const outer = new WeakMap<LoadedFlow, readonly OuterInput[]>();

function outerInputsOf(flow: LoadedFlow): readonly OuterInput[] {
  const known = outer.get(flow);
  if (known) return known;
  const steps = flow.steps.map((step) => ({
    name: step.name,
    prompt: step.kind === "prompt" ? step.prompt : undefined,
    gives: (name: string) => step.kind === "prompt" && step.inputs.has(name),
  }));
  const found = outerInputs(flow.prompt, steps);
  outer.set(flow, found);
  return found;
}
