import type { ContentPart } from "../ports/chat-model.ts";

/** An image input (an https or data URL, bare base64, or `{ url | source, mediaType, detail }`) as a content part. */
export function imagePart(value: unknown): ContentPart | undefined {
  if (typeof value === "string") return partOf(value, "image/png", undefined);
  if (typeof value !== "object" || value === null) return undefined;
  const { url, source, mediaType, detail } = value as Record<string, unknown>;
  const address = url ?? source;
  if (typeof address !== "string") return undefined;
  return partOf(address, typeof mediaType === "string" ? mediaType : "image/png", detail);
}

function partOf(address: string, mediaType: string, detail: unknown): ContentPart | undefined {
  const url = /^(https:\/\/|data:image\/)/i.test(address)
    ? address
    : /^[A-Za-z0-9+/=\s]+$/.test(address)
      ? `data:${mediaType};base64,${address.replaceAll(/\s/g, "")}`
      : undefined;
  if (url === undefined) return undefined;
  const asked = (["auto", "low", "high"] as const).find((level) => level === detail);
  return { type: "image_url", image_url: asked === undefined ? { url } : { url, detail: asked } };
}
