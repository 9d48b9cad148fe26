import type { ChatMessage, ContentPart } from "../ports/chat-model.ts";
import type { MessageTies } from "./chat-history.ts";
import { imagePart } from "./image-part.ts";
import { inlineImages } from "./inline-images.ts";
import { textOf, type ParsedMessage } from "./parse-messages.ts";
import type { Prompty } from "./prompty.ts";
import type { Segment } from "./segment.ts";

/** What stands for an input that is printed whole: messages, or a part that is no text. */
export type RichValue = ChatMessage[] | ContentPart;

const NONE: ReadonlyMap<Segment, ChatMessage[]> = new Map();

/**
 * One parsed message as messages: the history that it prints stands between its parts. `rich` is by the name of an
 * input that is printed whole, `histories` by the segment that prints one.
 */
export function expandMessage(
  message: ParsedMessage,
  rich: ReadonlyMap<string, RichValue>,
  prompt: Pick<Prompty, "images" | "writtenImages">,
  histories: ReadonlyMap<Segment, ChatMessage[]> = NONE,
): ChatMessage[] {
  const valueOf = (segment: Segment): RichValue | undefined =>
    histories.get(segment) ?? richValueOf(segment, rich);
  const pieces = inlineImages(message.segments, prompt.writtenImages, prompt.images, (segment) => {
    const value = valueOf(segment);
    if (value !== undefined) return Array.isArray(value) ? undefined : value;
    // The first dialect takes an image from its text; the second only from an input that is declared as one.
    return prompt.writtenImages ? imagePart(segment.text, prompt.images, segment.source) : undefined;
  });
  const isPlain = pieces.every((piece) => "kind" in piece && valueOf(piece) === undefined);
  return isPlain
    ? [messageOf(message, withoutLastNewlines(withoutFirstNewlines(textOf(pieces as Segment[]))))]
    : assembled(message, pieces, valueOf);
}

/** The messages of pieces that are not all text. */
function assembled(
  message: ParsedMessage,
  pieces: readonly (Segment | ContentPart)[],
  valueOf: (segment: Segment) => RichValue | undefined,
): ChatMessage[] {
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
    // Around a history only what is filled is a message of its own.
    const filled = typeof content !== "string" || content.trim() !== "";
    if (!divided || filled) messages.push(messageOf(message, content));
    parts = [];
  };
  for (const piece of pieces) {
    const value = "kind" in piece ? valueOf(piece) : piece;
    if (value === undefined) {
      // Around a history, space is the file's layout.
      const isAfterHistory = divided && text === "" && parts.length === 0;
      if ("kind" in piece) text += isAfterHistory ? piece.text.trimStart() : piece.text;
    } else if (Array.isArray(value)) {
      divided = true;
      text = text.trimEnd();
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
    if (index === 0) text = withoutFirstNewlines(text);
    if (index === parts.length - 1) text = withoutLastNewlines(text);
    return { type: "text", text };
  });
  const filled = trimmed.filter((part) => part.type !== "text" || part.text !== "");
  const [only] = filled;
  if (only === undefined) return "";
  return filled.length === 1 && only.type === "text" ? only.text : filled;
}

function withoutFirstNewlines(text: string): string {
  let start = 0;
  while (text[start] === "\n") start += 1;
  return text.slice(start);
}

function withoutLastNewlines(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\n") end -= 1;
  return text.slice(0, end);
}

function messageOf(message: ParsedMessage, content: ChatMessage["content"]): ChatMessage {
  return { role: message.role, content, ...attributesOf(message) };
}

/** What a marker says beside the role, as fields of the message (§7.1.1 of the specification). It changes no other. */
function attributesOf({ attributes, ties }: ParsedMessage): MessageTies | undefined {
  if (attributes === undefined) return ties;
  const { name, tool_call_id: id, role: _role, content: _content, ...others } = attributes;
  return {
    ...ties,
    ...others,
    ...(name === undefined ? {} : { name: String(name) }),
    ...(id === undefined ? {} : { tool_call_id: String(id) }),
  };
}
