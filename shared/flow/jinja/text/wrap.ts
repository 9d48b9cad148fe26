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
  let line: string[][] = [];
  let length = 0;
  const finish = (): void => {
    if (isBlank(line.at(-1))) line.pop();
    if (line.length > 0) lines.push(line.flat().join(""));
    line = [];
    length = 0;
  };
  const chunks = wrapChunks(Array.from(text), options.breakOnHyphens).toReversed();
  for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
    if (length === 0 && lines.length > 0 && isBlank(chunk)) continue;
    if (length + chunk.length <= options.width) {
      line.push(chunk);
      length += chunk.length;
      continue;
    }
    if (chunk.length <= options.width) {
      chunks.push(chunk);
    } else if (options.breakLongWords) {
      // Where the line is full already nothing is cut off, and the whitespace before it stays, as in Python.
      const cut = cutOf(chunk, options.width - length, options.breakOnHyphens);
      line.push(chunk.slice(0, cut));
      chunks.push(chunk.slice(cut));
    } else if (length === 0) {
      line.push(chunk);
    } else {
      chunks.push(chunk);
    }
    finish();
  }
  finish();
  return lines;
}

function isBlank(chunk: string[] | undefined): boolean {
  return chunk?.every(isSpace) === true;
}

/** A long word is cut after its last hyphen that fits, unless nothing but hyphens stands before it. */
function cutOf(word: string[], space: number, breakOnHyphens: boolean): number {
  if (!breakOnHyphens) return space;
  const hyphen = word.slice(0, space).lastIndexOf("-");
  return hyphen > 0 && word.slice(0, hyphen).some((letter) => letter !== "-") ? hyphen + 1 : space;
}
