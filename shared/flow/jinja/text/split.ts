import { SPACE, wordsOf } from "../values/characters.ts";

/** Python's `str.split(separator, limit)`; no separator splits at runs of whitespace, a negative limit is none. */
export function splitText(text: string, separator: string | undefined, limit: number): string[] {
  if (separator === undefined) return splitWords(text, limit);
  const parts = text.split(separator);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

/** Python's `str.rsplit`: as `split`, counted from the end. */
export function splitTextFromEnd(text: string, separator: string | undefined, limit: number): string[] {
  if (separator === undefined) {
    return splitWords(reversed(text), limit).map(reversed).toReversed();
  }
  const parts = splitAtLast(text, separator);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  const kept = parts.length - limit;
  return [parts.slice(0, kept).join(separator), ...parts.slice(kept)];
}

const WORD = new RegExp(`[^${SPACE}]+`, "g");

function splitWords(text: string, limit: number): string[] {
  const words = wordsOf(text);
  if (limit < 0 || words.length <= limit) return words;
  // What is left when the limit is reached keeps its whitespace, also at its end.
  const starts = [...text.matchAll(WORD)].map(({ index }) => index);
  return [...words.slice(0, limit), text.slice(starts[limit])];
}

/** Where separators overlap, as in "aaa" at "aa", those nearest to the end count. */
function splitAtLast(text: string, separator: string): string[] {
  return reversed(text).split(reversed(separator)).map(reversed).toReversed();
}

function reversed(text: string): string {
  return Array.from(text).toReversed().join("");
}

/** Python's `partition` and `rpartition`: before, the separator, after. */
export function partitionText(text: string, separator: string, last: boolean): [string, string, string] {
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return last ? ["", "", text] : [text, "", ""];
  return [text.slice(0, at), separator, text.slice(at + separator.length)];
}
