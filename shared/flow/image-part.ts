import type { ContentPart } from "../ports/chat-model.ts";
import { normalPath, pathProblem } from "./flow-paths.ts";
import { isImagePath, mediaTypeOf } from "./prompt-images.ts";
import { RenderError } from "./render-error.ts";

/**
 * An image input (an http, https or data URL, a file of the prompt's folder, bare base64, or
 * `{ url | source | path, mediaType, detail }`) as a content part. Undefined for what is no image. Throws
 * `RenderError` for a path that is none of `images`.
 */
export function imagePart(value: unknown, images: ReadonlyMap<string, Uint8Array>): ContentPart | undefined {
  if (typeof value === "string") return partOf(value, "image/png", undefined, images);
  if (typeof value !== "object" || value === null) return undefined;
  const { url, source, path, mediaType, detail } = value as Record<string, unknown>;
  const address = url ?? source ?? path;
  if (typeof address !== "string") return undefined;
  return partOf(address, typeof mediaType === "string" ? mediaType : "image/png", detail, images);
}

function partOf(
  written: string,
  mediaType: string,
  detail: unknown,
  images: ReadonlyMap<string, Uint8Array>,
): ContentPart | undefined {
  const address = written.trim();
  const url = urlOf(address, mediaType, images);
  if (url === undefined) return undefined;
  const asked = (["auto", "low", "high"] as const).find((level) => level === detail);
  return { type: "image_url", image_url: asked === undefined ? { url } : { url, detail: asked } };
}

function urlOf(
  address: string,
  mediaType: string,
  images: ReadonlyMap<string, Uint8Array>,
): string | undefined {
  if (/^(https?:\/\/|data:image\/)/i.test(address)) return address;
  if (isImagePath(address)) {
    const problem = pathProblem(address);
    const bytes = problem === undefined ? images.get(normalPath(address)) : undefined;
    if (bytes === undefined) {
      const known = [...images.keys()].slice(0, 20).join(", ") || "none";
      throw new RenderError(
        `The image ${address.slice(0, 200)} is not beside the prompt. ${problem ?? `Images there: ${known}.`}`,
      );
    }
    const encoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
    return `data:${mediaTypeOf(address) ?? mediaType};base64,${encoded}`;
  }
  return isBase64(address) ? `data:${mediaType};base64,${address.replaceAll(/\s/g, "")}` : undefined;
}

/** A word or a sentence is no image: what is one has a length that base64 gives. */
function isBase64(text: string): boolean {
  return (
    text.length >= 8 && /^[A-Za-z0-9+/\s]+={0,2}$/.test(text) && text.replaceAll(/\s/g, "").length % 4 === 0
  );
}
