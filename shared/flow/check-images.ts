import type { Findings, Place } from "./diagnostics.ts";
import { positionAt } from "./jinja/template-error.ts";
import { ownField } from "./own-field.ts";
import { FILLED_IMAGE } from "./prompt-images.ts";
import type { Prompty } from "./prompty.ts";
import { readImage, type ImageProblem } from "./read-image.ts";

/** More findings than this about one prompt help nobody. */
const MAX_REPORTED = 100;

/** Inputs, and where they were given. */
interface Given {
  fields: Readonly<Record<string, unknown>>;
  file: string;
  line: number;
  column?: number;
}

/**
 * Holds the images that a prompt's defaults and samples name against what can be shown: one that is no image, or no
 * file of the prompt's folder, would stop every answer that takes it.
 */
export function checkImages(prompt: Prompty, findings: Findings): void {
  for (const [name, place] of imageInputs(prompt)) {
    const fallback = prompt.inputs.find((input) => input.name === name)?.default;
    const wrong = problemOf(fallback, prompt);
    if (wrong !== undefined) findings.error(prompt.path, place, `${name}: ${wrong.message}`, wrong.remedy);
    const sample = problemOf(ownField(prompt.sample, name), prompt);
    if (sample === undefined) continue;
    findings.warning(prompt.path, place, `The sample of ${name}: ${sample.message}`, sample.remedy);
  }
  if (!prompt.writtenImages) checkUndeclared(prompt, findings);
}

/** The same of what rows or a person give. `supplied` says which inputs do not come from elsewhere. */
export function checkGivenImages(
  prompt: Prompty,
  given: readonly Given[],
  supplied: (name: string) => boolean,
  findings: Findings,
): void {
  const check = createGivenImagesCheck(prompt, supplied, findings);
  for (const inputs of given) check(inputs);
}

/** The same of what is given one after the other. */
export function createGivenImagesCheck(
  prompt: Prompty,
  supplied: (name: string) => boolean,
  findings: Findings,
): (given: Given) => void {
  const names = [...imageInputs(prompt).keys()].filter(supplied);
  let reported = 0;
  return ({ fields, file, line, column = 1 }) => {
    for (const name of names) {
      const problem = problemOf(ownField(fields, name), prompt);
      if (problem === undefined || reported === MAX_REPORTED) continue;
      findings.error(file, { line, column }, `${name}: ${problem.message}`, problem.remedy);
      reported += 1;
    }
  };
}

function problemOf(value: unknown, prompt: Prompty): ImageProblem | undefined {
  const image = readImage(value, prompt.images);
  return image !== undefined && "problem" in image ? image.problem : undefined;
}

/** The inputs that are sent as images, with their place: declared so, or put into an image of the first dialect. */
function imageInputs(prompt: Prompty): Map<string, Place> {
  const filled = prompt.writtenImages ? filledImages(prompt) : [];
  const declared = prompt.inputs.filter(({ type }) => type.toLowerCase() === "image");
  return new Map([...filled, ...declared].map(({ name, line, column }) => [name, { line, column }]));
}

/** In the second dialect an image in Markdown is text, unless its address is an input declared as an image. */
function checkUndeclared(prompt: Prompty, findings: Findings): void {
  const declared = imageInputs(prompt);
  for (const { name, ...place } of filledImages(prompt)) {
    if (declared.has(name)) continue;
    const message = `The image in Markdown stays text: ${name} is not declared as an image.`;
    findings.warning(prompt.path, place, message, `Declare it: inputs: [{ name: ${name}, kind: image }].`);
  }
}

function filledImages(prompt: Prompty): (Place & { name: string })[] {
  return [...prompt.template.matchAll(FILLED_IMAGE)].slice(0, MAX_REPORTED).flatMap((found) => {
    const name = found[1];
    if (name === undefined) return [];
    const { line, column } = positionAt(prompt.template, found.index);
    return [{ name, line: line + prompt.templateLine - 1, column }];
  });
}
