import type { ContentPart } from "../ports/chat-model.ts";
import { imagePart } from "./image-part.ts";
import { audioPart, filePart } from "./media-part.ts";
import { scalarText } from "./scalar-text.ts";

/**
 * A message's content, as chat completions or Prompty write it, in the form that is sent: a text where there is
 * nothing but text. Undefined for what is no content.
 */
export function contentParts(value: unknown): string | ContentPart[] | undefined {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (!Array.isArray(value)) return undefined;
  const parts = value.map(partOf).filter((part) => part !== undefined);
  if (parts.some(({ type }) => type !== "text")) return parts;
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

const NO_FILES: ReadonlyMap<string, Uint8Array> = new Map();

function partOf(part: unknown): ContentPart | undefined {
  if (typeof part !== "object" || part === null) return textPart(part);
  const {
    kind,
    type,
    text,
    value,
    image_url: image,
    input_audio: audio,
    file,
  } = part as Record<string, unknown>;
  if (type === "image_url") return imagePart(image, NO_FILES);
  if (type === "input_audio" && typeof audio === "object" && audio !== null) {
    const { data, format } = audio as Record<string, unknown>;
    return audioPart({ url: data, mediaType: `audio/${String(format)}` });
  }
  if (type === "file") return filePart(file);
  const source = { ...part, source: (part as Record<string, unknown>).source ?? value };
  if (kind === "image") return imagePart(source, NO_FILES);
  if (kind === "audio") return audioPart(source);
  if (kind === "file") return filePart(source);
  return textPart(text ?? value);
}

function textPart(value: unknown): ContentPart | undefined {
  const text = scalarText(value);
  return text === undefined || text === "" ? undefined : { type: "text", text };
}
