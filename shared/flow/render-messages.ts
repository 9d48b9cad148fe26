import type { ChatMessage, ContentPart } from "../ports/chat-model.ts";
import { historyInput, HISTORY_NAMES, historyMessages } from "./chat-history.ts";
import { compileTemplate, type CompiledTemplate } from "./compile-template.ts";
import { expandMessage, type RichValue } from "./expand-message.ts";
import { imagePart } from "./image-part.ts";
import { inputValues } from "./input-values.ts";
import { positionAt, TemplateError } from "./jinja/template-error.ts";
import { audioPart, filePart } from "./media-part.ts";
import { printedValues } from "./printed-values.ts";
import { parseMessages } from "./parse-messages.ts";
import type { Prompty } from "./prompty.ts";
import { RenderError } from "./render-error.ts";
import { checkStrict } from "./strict-inputs.ts";

/** Parsing costs more than rendering, and chat renders the same prompt for every question. */
const compiled = new WeakMap<Prompty, CompiledTemplate>();

export function templateOf(prompt: Prompty): CompiledTemplate {
  const known = compiled.get(prompt);
  if (known !== undefined) return known;
  const template = located(prompt, () => compileTemplate(prompt.template, prompt.format));
  compiled.set(prompt, template);
  return template;
}

/**
 * The messages a model is sent. Inputs that are missing take the prompt's defaults, never its sample. The history
 * stands where the template prints it; where the template does not use it at all, before the last user message.
 * Throws `RenderError` with file, line and column, also listing every required input that is missing.
 */
export function renderMessages(prompt: Prompty, inputs: Record<string, unknown>): ChatMessage[] {
  const values = inputValues(prompt, inputs);
  const template = templateOf(prompt);
  const segments = located(prompt, () => template.render(printedValues(prompt, values)));
  const placeOf = (name: string): RenderError["place"] => {
    const use = template.names.find((other) => other.name === name);
    return { file: prompt.path, ...placeInTemplate(prompt, use?.at ?? 0) };
  };
  const declared = new Map(prompt.inputs.map((input) => [input.name, input]));
  checkStrict(segments, (name) => declared.get(name)?.strict ?? prompt.strict, placeOf);
  const messages = placed(placeOf, () => {
    const rich = richValues(prompt, declared, values);
    return parseMessages(segments).flatMap((message) => expandMessage(message, rich, prompt));
  });

  const used = new Set(template.names.map(({ name }) => name));
  const name = historyInput(prompt, used) ?? HISTORY_NAMES.find((known) => Object.hasOwn(values, known));
  const history =
    name === undefined || used.has(name)
      ? undefined
      : historyMessages(values[name], declared.get(name)?.type === "thread");
  if (history === undefined || history.length === 0) return messages;
  const lastUser = messages.findLastIndex(({ role }) => role === "user");
  const place = lastUser < 0 ? messages.length : lastUser;
  return [...messages.slice(0, place), ...history, ...messages.slice(place)];
}

function richValues(
  prompt: Prompty,
  declared: ReadonlyMap<string, Prompty["inputs"][number]>,
  values: Record<string, unknown>,
): Map<string, RichValue> {
  const rich = new Map<string, RichValue>();
  for (const [name, value] of Object.entries(values)) {
    const type = declared.get(name)?.type.toLowerCase();
    const part = mediaPart(name, type, value, prompt);
    const isHistory =
      type === "thread" || HISTORY_NAMES.includes(name) || (Array.isArray(value) && value.length > 0);
    const history = isHistory ? historyMessages(value, type === "thread") : undefined;
    if (part !== undefined) rich.set(name, part);
    else if (history !== undefined) rich.set(name, history);
  }
  return rich;
}

function mediaPart(
  name: string,
  type: string | undefined,
  value: unknown,
  prompt: Prompty,
): ContentPart | undefined {
  if (type === "image") return imagePart(value, prompt.images, name);
  if (type !== "audio" && type !== "file") return undefined;
  const part = type === "audio" ? audioPart(value) : filePart(value);
  if (part !== undefined || value === "") return part;
  throw new RenderError(`The input ${name} is no ${type}: give a URL, a data: URL or base64.`, {
    input: name,
  });
}

function placed<T>(placeOf: (name: string) => RenderError["place"], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RenderError) || error.place !== undefined) throw error;
    throw new RenderError(error.detail, {
      cause: error,
      place: placeOf(error.input ?? ""),
      input: error.input,
    });
  }
}

function located<T>(prompt: Prompty, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const place = { file: prompt.path, ...placeInTemplate(prompt, error.offset ?? 0) };
    throw new RenderError(error.message, { cause: error, place });
  }
}

/** Where an offset of the template stands in its file. */
export function placeInTemplate(
  prompt: Pick<Prompty, "template" | "templateLine">,
  offset: number,
): { line: number; column: number } {
  const { line, column } = positionAt(prompt.template, offset);
  return { line: line + prompt.templateLine - 1, column };
}
