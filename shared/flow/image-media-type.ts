/** The kinds of images that models take, by the ending of a file. */
const BY_ENDING = new Map([
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
]);
export const IMAGE_ENDINGS = [...BY_ENDING.keys()].join(", ");

/** How such images begin, one character a byte. */
const BY_CONTENT: [beginning: RegExp, mediaType: string][] = [
  [/^\x89PNG/, "image/png"],
  [/^\xFF\xD8\xFF/, "image/jpeg"],
  [/^GIF8[79]a/, "image/gif"],
  [/^RIFF[^]{4}WEBP/, "image/webp"],
];
export const BYTES_THAT_TELL = 12;

export function mediaTypeOfPath(path: string): string | undefined {
  return BY_ENDING.get(/\.(\w{1,5})$/.exec(path)?.[1]?.toLowerCase() ?? "");
}

/** What the bytes themselves say, whatever the file is called. */
export function mediaTypeOfContent(bytes: Uint8Array): string | undefined {
  const beginning = Buffer.from(bytes.subarray(0, BYTES_THAT_TELL)).toString("latin1");
  return BY_CONTENT.find(([pattern]) => pattern.test(beginning))?.[1];
}
