/** A text with the letters that it writes as JSON's escapes: an escaped letter is a letter. */
export function unescapedText(written: string): string {
  if (!written.includes("\\u")) return written;
  return written.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
