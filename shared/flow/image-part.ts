import type { ContentPart } from "../ports/chat-model.ts";
import { readImage } from "./read-image.ts";
import { RenderError } from "./render-error.ts";

/**
 * The content part of an image, as `readImage` knows them; undefined where none is given. Throws `RenderError` for what
 * is none, naming the `input` that holds it.
 */
export function imagePart(
  value: unknown,
  images: ReadonlyMap<string, Uint8Array>,
  input?: string,
): ContentPart | undefined {
  const image = readImage(value, images);
  if (image === undefined || "part" in image) return image?.part;
  throw new RenderError(`${image.problem.message} ${image.problem.remedy}`, { input });
}
