/**
 * Text that others wrote without what shows as something else than it is: control characters (line breaks and tabs
 * stay), marks that turn the reading direction around (Boucher and Anderson 2021, *Trojan Source*), halves of
 * surrogate pairs.
 */
export function plainCharacters(text: string): string {
  return text
    .toWellFormed()
    .replaceAll("\r\n", "\n")
    .replace(/[^\P{Cc}\n\t]|[\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, "");
}

/** The same, cut to `length` characters with a note of how many more there are. */
export function cutText(text: string, length: number): string {
  // Before the rest is looked at: an answer may be megabytes.
  const plain = plainCharacters(text.slice(0, length));
  const more = text.length - length;
  return more > 0 ? `${plain}… (${more} more characters)` : plain;
}
