import { isSpace } from "../values/characters.ts";
import { wrapChunks } from "./wrap-chunks.ts";

export interface WrapOptions {
  width: number;
  breakLongWords: boolean;
  breakOnHyphens: boolean;
}

/**
 * Fills lines as Python's `textwrap.wrap` does: at most `width` characters where the words allow it, no whitespace at
 * a line's end, nor at its start but the first's.
 */
export function wrapText(text: string, options: WrapOptions): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  /** Whether the last piece of the line is whitespace. */
  let endsBlank = false;
  let length = 0;
  const finish = (): void => {
    if (endsBlank) line.pop();
    if (line.length > 0) lines.push(line.join(""));
    line = [];
    endsBlank = false;
    length = 0;
  };
  const put = (letters: readonly string[]): void => {
    line.push(letters.join(""));
    endsBlank = letters.every(isSpace);
    length += letters.length;
  };
  for (const chunk of wrapChunks(Array.from(text), options.breakOnHyphens)) {
    /** How much of the chunk stands in lines already: what is left is not copied for every line. */
    let from = 0;
    const blankFrom = chunk.findLastIndex((letter) => !isSpace(letter)) + 1;
    while (from < chunk.length) {
      const left = chunk.length - from;
      if (length === 0 && lines.length > 0 && from >= blankFrom) break;
      if (length + left <= options.width) {
        put(chunk.slice(from));
        break;
      }
      if (left > options.width && options.breakLongWords) {
        // Where the line is full already nothing is cut off, and the whitespace before it stays, as in Python.
        const cut = cutOf(chunk, from, options.width - length, options.breakOnHyphens);
        put(chunk.slice(from, cut));
        from = cut;
      } else if (left > options.width && length === 0) {
        put(chunk.slice(from));
        from = chunk.length;
      }
      finish();
    }
  }
  finish();
  return lines;
}

/** Where a long word is cut: after its last hyphen that fits, unless nothing but hyphens stands before it. */
function cutOf(word: readonly string[], from: number, space: number, breakOnHyphens: boolean): number {
  const end = from + space;
  if (!breakOnHyphens) return end;
  const part = word.slice(from, end);
  const hyphen = part.lastIndexOf("-");
  return hyphen > 0 && part.slice(0, hyphen).some((letter) => letter !== "-") ? from + hyphen + 1 : end;
}
