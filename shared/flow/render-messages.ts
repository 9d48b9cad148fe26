import type { ChatMessage, ContentPart } from "../ports/chat-model.ts";
import { historyInput, HISTORY_NAMES } from "./chat-history.ts";
import { compileTemplate, type CompiledTemplate } from "./compile-template.ts";
import type { Place } from "./diagnostics.ts";
import { expandMessage } from "./expand-message.ts";
import { withHistoryNames } from "./history-names.ts";
import { roleFieldOf } from "./history-problems.ts";
import { imagePart } from "./image-part.ts";
import { inputValues } from "./input-values.ts";
import { positionAt, TemplateError } from "./jinja/template-error.ts";
import { createTrial } from "./jinja/trial.ts";
import { audioPart, filePart } from "./media-part.ts";
import { mediaInputs, printedValues } from "./printed-values.ts";
import { parseMessages } from "./parse-messages.ts";
import { historiesAmong, printedHistories, sentHistory, type History } from "./printed-histories.ts";
import type { Prompty } from "./prompty.ts";
import { RenderError } from "./render-error.ts";
import { checkStrict } from "./strict-inputs.ts";

interface CompiledPrompt {
  template: CompiledTemplate;
  /** The names that the template uses. */
  used: ReadonlySet<string>;
  /** Those and the inputs that are declared. */
  names: ReadonlySet<string>;
  declared: ReadonlyMap<string, Prompty["inputs"][number]>;
  /** Those that are images, audio or files. */
  media: Prompty["inputs"];
  /** The one that holds the turns before. */
  history: string | undefined;
}

/** Parsing costs more than rendering, and chat renders the same prompt for every question. */
const compiled = new WeakMap<Prompty, CompiledPrompt>();

export function templateOf(prompt: Prompty): CompiledTemplate {
  return compiledPrompt(prompt).template;
}

function compiledPrompt(prompt: Prompty): CompiledPrompt {
  const known = compiled.get(prompt);
  if (known !== undefined) return known;
  const template = located(prompt, () => compileTemplate(prompt.template, prompt.format));
  const used = new Set(template.names.map(({ name }) => name));
  const declared = new Map(prompt.inputs.map((input) => [input.name, input]));
  const names = new Set([...used, ...declared.keys()]);
  const history = historyInput(prompt, used);
  const made = {
    template,
    used,
    names,
    declared,
    media: mediaInputs({ inputs: [...declared.values()] }),
    history,
  };
  compiled.set(prompt, made);
  return made;
}

/**
 * The messages a model is sent. Inputs that are missing take the prompt's defaults, never its sample. The history
 * stands where the template prints it; where the template does not use it at all, before the last user message.
 * Throws `RenderError` with file, line and column, also listing every required input that is missing.
 */
export function renderMessages(prompt: Prompty, inputs: Record<string, unknown>): ChatMessage[] {
  const { template, used, declared, media, history: input } = compiledPrompt(prompt);
  const given = inputValues(prompt, withOneHistory(prompt, inputs));
  const placeOf = (name: string): RenderError["place"] => {
    const use = template.names.find((other) => other.name === name);
    return { file: prompt.path, ...placeInTemplate(prompt, use?.at ?? 0) };
  };
  const { histories, values } = valuesOf(prompt, given);
  const segments = located(prompt, () => template.render(printedValues(media, values)));
  checkStrict(segments, (name) => declared.get(name)?.strict ?? prompt.strict, placeOf);
  const sources = {
    kindOf: (name: string) => histories.get(name)?.kind,
    rolesOf: (name: string) =>
      new Set(histories.get(name)?.items.map((item) => (roleFieldOf(item) ?? "").trim().toLowerCase())),
    placeOf,
  };
  const printed = printedHistories(segments, sources);
  const messages = placed(placeOf, () => {
    const parts = mediaParts(prompt, media, given);
    return parseMessages(segments, sources).flatMap((message) =>
      expandMessage(message, parts, prompt, printed),
    );
  });

  const name = input ?? HISTORY_NAMES.find((known) => Object.hasOwn(values, known));
  const history = name === undefined || used.has(name) ? undefined : histories.get(name);
  if (name === undefined || history === undefined) return messages;
  const turns = sentHistory(name, history.items, history.kind, placeOf(name));
  const lastUser = messages.findLastIndex(({ role }) => role === "user");
  const place = lastUser < 0 ? messages.length : lastUser;
  return [...messages.slice(0, place), ...turns, ...messages.slice(place)];
}

/** Renders the template for all that fails in it, once a place. `sure`: as `Trial` has it. */
export function tryTemplate(
  prompt: Prompty,
  inputs: Readonly<Record<string, unknown>>,
): { failures: (Place & { message: string })[]; sure: boolean } {
  const { values } = valuesOf(prompt, inputValues(prompt, withOneHistory(prompt, inputs)));
  const trial = createTrial();
  try {
    const { template, media } = compiledPrompt(prompt);
    template.render(printedValues(media, values), trial);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    trial.fail(error);
  }
  const failures = trial.failures.map(({ message, offset = 0 }) => ({
    ...placeInTemplate(prompt, offset),
    message,
  }));
  return { failures, sure: trial.sure };
}

/** The inputs in the form that the template reads, and those of them that are histories. */
function valuesOf(
  prompt: Prompty,
  given: Readonly<Record<string, unknown>>,
): { histories: ReadonlyMap<string, History>; values: Readonly<Record<string, unknown>> } {
  const { declared, template } = compiledPrompt(prompt);
  const histories = historiesAmong(given, (name) => declared.get(name)?.type, template.roles);
  if (histories.size === 0) return { histories, values: given };
  const values = { ...given };
  for (const [name, { items }] of histories) values[name] = items;
  return { histories, values };
}

/** What is given, with the history under the name that the prompt has for it. A prompt that has both means two things. */
export function withOneHistory(
  prompt: Prompty,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { names } = compiledPrompt(prompt);
  return HISTORY_NAMES.every((name) => names.has(name)) ? inputs : withHistoryNames(names, inputs);
}

const NO_PARTS: ReadonlyMap<string, ContentPart> = new Map();

function mediaParts(
  prompt: Prompty,
  media: Prompty["inputs"],
  values: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, ContentPart> {
  if (media.length === 0) return NO_PARTS;
  const parts = new Map<string, ContentPart>();
  for (const { name, type } of media) {
    if (!Object.hasOwn(values, name)) continue;
    const part = mediaPart(name, type.toLowerCase(), values[name], prompt);
    if (part !== undefined) parts.set(name, part);
  }
  return parts;
}

function mediaPart(name: string, type: string, value: unknown, prompt: Prompty): ContentPart | undefined {
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
export function placeInTemplate(prompt: Pick<Prompty, "template" | "templateLine">, offset: number): Place {
  const { line, column } = positionAt(prompt.template, offset);
  return { line: line + prompt.templateLine - 1, column };
}
