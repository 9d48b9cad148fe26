import type { ContentPart } from "../ports/chat-model.ts";

/** Formats of sound as chat completions name them. */
const FORMATS = new Map([
  ["wav", "wav"],
  ["x-wav", "wav"],
  ["mp3", "mp3"],
  ["mpeg", "mp3"],
]);

/** An audio input (a URL, a data URL, base64, or `{ url | source, mediaType }`) as a content part. */
export function audioPart(value: unknown): ContentPart | undefined {
  const { address, mediaType } = sourceOf(value);
  if (address === undefined) return undefined;
  const url = /^data:audio\/([\w.+-]{1,100})[^,]{0,200},/i.exec(address);
  const data = url === null ? address : address.slice(url[0].length);
  const subtype = (url?.[1] ?? mediaType?.replace(/^audio\//i, "") ?? "wav").toLowerCase();
  return { type: "input_audio", input_audio: { data, format: FORMATS.get(subtype) ?? subtype } };
}

/** A file input (a URL, a data URL, base64, or `{ url | source }`) as a content part. */
export function filePart(value: unknown): ContentPart | undefined {
  const { address } = sourceOf(value);
  return address === undefined ? undefined : { type: "file", file: { url: address } };
}

function sourceOf(value: unknown): { address: string | undefined; mediaType: string | undefined } {
  if (typeof value === "string") return { address: value === "" ? undefined : value, mediaType: undefined };
  if (typeof value !== "object" || value === null) return { address: undefined, mediaType: undefined };
  const { url, source, mediaType } = value as Record<string, unknown>;
  const address = [url, source].find((place) => typeof place === "string" && place !== "") as
    | string
    | undefined;
  return { address, mediaType: typeof mediaType === "string" ? mediaType : undefined };
}
