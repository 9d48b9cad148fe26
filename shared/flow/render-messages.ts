import { positionAt, TemplateError } from "./jinja/template-error.ts";
import { historyInput, HISTORY_NAMES, historyMessages } from "./chat-history.ts";
import { compileTemplate, type CompiledTemplate } from "./compile-template.ts";
import { imagePart } from "./image-part.ts";
import { parseMessages, type ParsedMessage } from "./parse-messages.ts";
import type { Prompty } from "./prompty.ts";
import { RenderError } from "./render-error.ts";
import type { Segment } from "./segment.ts";
import type { ChatMessage, ContentPart } from "../ports/chat-model.ts";

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
 * Throws `RenderError` with file, line and column, or listing every required input that is missing.
 */
export function renderMessages(prompt: Prompty, inputs: Record<string, unknown>): ChatMessage[] {
  const values = inputValues(prompt, inputs);
  const template = templateOf(prompt);
  const segments = located(prompt, () => template.render(values));
  const rich = richValues(prompt, values);
  const messages = parseMessages(segments).flatMap((message) => expand(message, rich));

  const used = new Set(template.names.map(({ name }) => name));
  const name = historyInput(prompt, used) ?? HISTORY_NAMES.find((known) => Object.hasOwn(values, known));
  const history = name === undefined || used.has(name) ? undefined : historyMessages(values[name]);
  if (history === undefined || history.length === 0) return messages;
  const lastUser = messages.findLastIndex(({ role }) => role === "user");
  const place = lastUser < 0 ? messages.length : lastUser;
  return [...messages.slice(0, place), ...history, ...messages.slice(place)];
}

/** The inputs given, with defaults. Throws `RenderError` listing all that are required and missing. */
function inputValues(prompt: Prompty, inputs: Record<string, unknown>): Record<string, unknown> {
  const values = { ...inputs };
  const missing: string[] = [];
  for (const input of prompt.inputs) {
    if (values[input.name] !== undefined) continue;
    if (input.default !== undefined) values[input.name] = input.default;
    else if (input.required) missing.push(input.name);
  }
  if (missing.length > 0) {
    throw new RenderError(
      `${prompt.path} needs ${missing.length === 1 ? "the input" : "the inputs"} ${missing.join(", ")}.`,
    );
  }
  return values;
}

/** What stands for an input that is printed whole: messages or an image instead of text. */
type RichValue = ChatMessage[] | ContentPart;

function richValues(prompt: Prompty, values: Record<string, unknown>): Map<string, RichValue> {
  const rich = new Map<string, RichValue>();
  for (const [name, value] of Object.entries(values)) {
    const type = prompt.inputs.find((input) => input.name === name)?.type;
    const image = type === "image" ? imagePart(value) : undefined;
    const isHistory =
      type === "thread" || HISTORY_NAMES.includes(name) || (Array.isArray(value) && value.length > 0);
    const history = isHistory ? historyMessages(value) : undefined;
    if (image !== undefined) rich.set(name, image);
    else if (history !== undefined) rich.set(name, history);
  }
  return rich;
}

/** One parsed message as messages: a history inside it stands between its parts. */
function expand(message: ParsedMessage, rich: ReadonlyMap<string, RichValue>): ChatMessage[] {
  const messages: ChatMessage[] = [];
  let parts: ContentPart[] = [];
  let text = "";
  let divided = false;
  const closeText = (): void => {
    if (text !== "") parts.push({ type: "text", text });
    text = "";
  };
  const closeMessage = (): void => {
    closeText();
    const content = contentOf(parts);
    if (!divided || content !== "")
      messages.push({ role: roleOf(message), content, ...attributesOf(message) });
    parts = [];
  };
  for (const segment of message.segments) {
    const value = richValueOf(segment, rich);
    if (value === undefined) {
      text += segment.text;
    } else if (Array.isArray(value)) {
      divided = true;
      closeMessage();
      messages.push(...value);
    } else {
      closeText();
      parts.push(value);
    }
  }
  closeMessage();
  return messages;
}

function richValueOf(segment: Segment, rich: ReadonlyMap<string, RichValue>): RichValue | undefined {
  const whole =
    segment.kind === "interpolated" && segment.source !== undefined && segment.path === segment.source;
  return whole ? rich.get(segment.source ?? "") : undefined;
}

/** Newlines around a message are the layout of the file; spaces are the author's. */
function contentOf(parts: ContentPart[]): string | ContentPart[] {
  const trimmed = parts.map((part, index): ContentPart => {
    if (part.type !== "text") return part;
    let text = part.text;
    if (index === 0) text = text.replace(/^\n+/, "");
    if (index === parts.length - 1) text = withoutLastNewlines(text);
    return { type: "text", text };
  });
  const filled = trimmed.filter((part) => part.type !== "text" || part.text !== "");
  const [only] = filled;
  if (only === undefined) return "";
  return filled.length === 1 && only.type === "text" ? only.text : filled;
}

function withoutLastNewlines(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\n") end -= 1;
  return text.slice(0, end);
}

/** The retired role of a function's result is sent as its successor. */
function roleOf({ role }: ParsedMessage): ChatMessage["role"] {
  return role === "function" ? "tool" : role;
}

function attributesOf({ attributes }: ParsedMessage): Pick<ChatMessage, "name" | "tool_call_id"> {
  const { name, tool_call_id: id } = attributes;
  return {
    ...(name === undefined ? {} : { name: String(name) }),
    ...(id === undefined ? {} : { tool_call_id: String(id) }),
  };
}

function located<T>(prompt: Prompty, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { line, column } = positionAt(prompt.template, error.offset ?? 0);
    const place = `${prompt.path}:${line + prompt.templateLine - 1}:${column}`;
    throw new RenderError(`${place}: ${error.message}`, { cause: error });
  }
}
