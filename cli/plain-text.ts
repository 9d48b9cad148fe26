/**
 * Text that others wrote (models, file names, messages of a server) without the control characters that could
 * steer a terminal. Line breaks and tabs stay.
 */
export function plainText(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, "");
}

/** The same on one line, cut to `length` characters. */
export function excerpt(text: string, length: number): string {
  const line = plainText(text).replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}
