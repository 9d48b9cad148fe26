import type { LoadedFlow } from "../flow/load-flow.ts";
import type { Prompty } from "../flow/prompty.ts";

const known = new WeakMap<LoadedFlow, Map<number, LoadedFlow>>();

/**
 * The flow as a trial asks it. Trials differ in nothing, unless a prompt sets a seed of its own, which would give every
 * trial the same answer: then each counts on from it. The first trial, 0, is always what production would do. Made once
 * a flow and trial, as prompts are compiled by identity.
 */
export function flowOfTrial(flow: LoadedFlow, trial: number): LoadedFlow {
  if (trial === 0) return flow;
  const trials = known.get(flow) ?? new Map<number, LoadedFlow>();
  known.set(flow, trials);
  const made = trials.get(trial) ?? {
    ...flow,
    prompt: ofTrial(flow.prompt, trial),
    steps: flow.steps.map((step) =>
      step.kind === "prompt" ? { ...step, prompt: ofTrial(step.prompt, trial) } : step,
    ),
  };
  trials.set(trial, made);
  return made;
}

function ofTrial(prompt: Prompty, trial: number): Prompty {
  const seed = prompt.parameters["seed"];
  if (typeof seed !== "number") return prompt;
  return { ...prompt, parameters: { ...prompt.parameters, seed: seed + trial } };
}
