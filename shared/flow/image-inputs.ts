import type { LoadedFlow } from "./load-flow.ts";
import { FILLED_IMAGE } from "./prompt-images.ts";

/** Found once a flow, and not for every turn. */
const found = new WeakMap<LoadedFlow, ReadonlySet<string>>();

/**
 * The inputs that the prompt renders as images and that nothing shows as text: those declared so, and, in the first
 * dialect, those that stand in an image's brackets only. What a step reads may go anywhere, so it is none of them.
 */
export function imageInputs(flow: LoadedFlow): ReadonlySet<string> {
  const known = found.get(flow) ?? findImageInputs(flow);
  found.set(flow, known);
  return known;
}

function findImageInputs({ prompt, steps }: LoadedFlow): Set<string> {
  const declared = prompt.inputs.filter(({ type }) => type.toLowerCase() === "image");
  const filled = prompt.writtenImages
    ? [...prompt.template.matchAll(FILLED_IMAGE)].flatMap(([, name]) => name ?? [])
    : [];
  const names = new Set(declared.map(({ name }) => name));
  for (const name of new Set(filled)) {
    if (filled.filter((one) => one === name).length === printedCount(prompt.template, name)) names.add(name);
  }
  for (const step of steps) for (const name of step.uses) names.delete(name);
  return names;
}

/** In how many of the template's brackets a name stands. */
function printedCount(template: string, name: string): number {
  const brackets = template.match(/\{\{[^{}]{0,2000}\}\}/g) ?? [];
  return brackets.filter((one) => one.split(/\W+/).includes(name)).length;
}
