import type { ContentPart } from "../ports/chat-model.ts";
import { normalPath, pathProblem } from "./flow-paths.ts";
import { BYTES_THAT_TELL, IMAGE_ENDINGS, mediaTypeOfContent, mediaTypeOfPath } from "./image-media-type.ts";
import { nearestName } from "./nearest-name.ts";

/** What the services take at most for one image. */
const MAX_BYTES = 20 * 1024 * 1024;
const SHOWN = 100;
const SHOWN_FILES = 20;
const FORMS = `An image is an http, https or data: URL, base64, or a file beside the prompt (${IMAGE_ENDINGS}).`;

/** Why a value is no image, and what to do about it. */
export interface ImageProblem {
  message: string;
  remedy: string;
}

/**
 * The content part of an image: an http, https or data URL, a file of `images` (by path from the prompt's folder), bare
 * base64, `{ url | source | path, mediaType, detail }`, or Prompt Flow's `{ "data:image/png;path": ... }`. A file's
 * media type is what its content says, whatever its ending. Undefined where no image is given: null, or an empty text.
 */
export function readImage(
  value: unknown,
  images: ReadonlyMap<string, Uint8Array>,
): { part: ContentPart } | { problem: ImageProblem } | undefined {
  if (value === null || value === undefined) return undefined;
  const { address, mediaType, detail } = sourceOf(value);
  if (address === undefined) {
    const what = Array.isArray(value)
      ? "A list"
      : typeof value === "object"
        ? "An object"
        : `A ${typeof value}`;
    return { problem: { message: `${what} is no image.`, remedy: FORMS } };
  }
  if (address === "") return undefined;
  const url = urlOf(address, mediaType, images);
  if (typeof url !== "string") return { problem: url };
  const asked = (["auto", "low", "high"] as const).find((level) => level === detail);
  return { part: { type: "image_url", image_url: asked === undefined ? { url } : { url, detail: asked } } };
}

const PROMPT_FLOW = /^data:(image\/[\w.*+-]{1,50});(?:path|url|base64)$/i;

function sourceOf(value: unknown): { address?: string; mediaType?: string; detail?: unknown } {
  if (typeof value === "string") return { address: value.trim() };
  if (typeof value !== "object" || value === null) return {};
  const { url, source, path, mediaType, detail } = value as Record<string, unknown>;
  const [only] = Object.entries(value);
  const [, promptFlow] = PROMPT_FLOW.exec(only?.[0] ?? "") ?? [];
  const address = promptFlow === undefined ? (url ?? source ?? path) : only?.[1];
  if (typeof address !== "string") return {};
  const said = promptFlow ?? mediaType;
  return {
    address: address.trim(),
    ...(typeof said === "string" && !said.includes("*") ? { mediaType: said } : {}),
    detail,
  };
}

function urlOf(
  address: string,
  mediaType: string | undefined,
  images: ReadonlyMap<string, Uint8Array>,
): string | ImageProblem {
  if (/^https?:\/\//i.test(address)) {
    return URL.canParse(address) ? address : { message: `${shown(address)} is no address.`, remedy: FORMS };
  }
  if (/^data:/i.test(address)) return dataUrl(address);
  const base64 = base64Url(address, mediaType);
  return base64 ?? fileUrl(address, images);
}

function dataUrl(address: string): string | ImageProblem {
  const header = /^data:image\/[\w.+-]{1,50}(?:;[\w.+=-]{1,100}){0,10},/i.exec(address)?.[0];
  if (header === undefined || header.length === address.length) {
    const remedy = "Write it as data:image/png;base64, and the image in base64.";
    return { message: `${shown(address)} is the data of no image.`, remedy };
  }
  return tooLarge("The image", (address.length - header.length) * 0.75) ?? address;
}

/** What has the length and the letters of base64, and begins as an image does or is said to be one. */
function base64Url(text: string, mediaType: string | undefined): string | ImageProblem | undefined {
  if (text.length < 8 || !/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) return undefined;
  const data = text.replaceAll(/\s/g, "");
  if (data.length % 4 !== 0) return undefined;
  const beginning = Buffer.from(data.slice(0, Math.ceil(BYTES_THAT_TELL / 3) * 4), "base64");
  const type = mediaTypeOfContent(beginning) ?? mediaType;
  if (type === undefined) return undefined;
  return tooLarge("The image", data.length * 0.75) ?? `data:${type};base64,${data}`;
}

function fileUrl(address: string, images: ReadonlyMap<string, Uint8Array>): string | ImageProblem {
  const inside = pathProblem(address);
  const bytes = inside === undefined ? images.get(normalPath(address)) : undefined;
  if (bytes === undefined) {
    if (mediaTypeOfPath(address) === undefined) {
      return { message: `${shown(address)} is no image.`, remedy: FORMS };
    }
    const message = `The image ${shown(address)}: ${inside ?? "There is no such file beside the prompt."}`;
    return { message, remedy: knownImages(address, images) };
  }
  const problem = unreadable(address, bytes);
  if (problem !== undefined) return problem;
  const type = mediaTypeOfContent(bytes);
  if (type === undefined) {
    const message = `The image ${shown(address)} does not begin as a PNG, JPEG, GIF or WebP does.`;
    return { message, remedy: "Put the image itself there, in one of these formats." };
  }
  return `data:${type};base64,${encoded(bytes)}`;
}

/** The same image is shown for many questions. */
const texts = new WeakMap<Uint8Array, string>();

function encoded(bytes: Uint8Array): string {
  const text =
    texts.get(bytes) ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  texts.set(bytes, text);
  return text;
}

function unreadable(address: string, bytes: Uint8Array): ImageProblem | undefined {
  if (bytes.length > 0) return tooLarge(`The image ${shown(address)}`, bytes.length);
  return { message: `The image ${shown(address)} is an empty file.`, remedy: "Put the image there." };
}

function tooLarge(what: string, bytes: number): ImageProblem | undefined {
  if (bytes <= MAX_BYTES) return undefined;
  const message = `${what} has ${Math.round(bytes)} bytes; a model takes at most 20 MB.`;
  return { message, remedy: "Make it smaller." };
}

function knownImages(address: string, images: ReadonlyMap<string, Uint8Array>): string {
  const known = [...images.keys()];
  const name = address.split("/").at(-1);
  const near = known.find((path) => path.split("/").at(-1) === name) ?? nearestName(address, known);
  if (near !== undefined) return `Did you mean ${near}?`;
  return `Images there: ${known.slice(0, SHOWN_FILES).join(", ") || "none"}.`;
}

function shown(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}
