const LETTER = /[\p{L}\p{No}\p{Nl}_]/u;
const WORD = /[\p{L}\p{N}_]/u;
const PUNCTUATION = /[!"'&.,?]/;

/**
 * The pieces that wrapping may put on different lines: runs of whitespace, words, and, where hyphens break, the parts
 * of compounds (well-|known, but not -x or 3-4) and dashes between words (a|--|b).
 */
export function wrapChunks(letters: string[], breakOnHyphens: boolean): string[][] {
  const chunks: string[][] = [];
  let start = 0;
  while (start < letters.length) {
    let end = start + 1;
    if (isBlankAt(letters, start)) {
      while (end < letters.length && isBlankAt(letters, end)) end += 1;
    } else {
      const dash = breakOnHyphens ? dashAt(letters, start) : undefined;
      end = dash ?? wordEnd(letters, start, breakOnHyphens);
    }
    chunks.push(letters.slice(start, end));
    start = end;
  }
  return chunks;
}

function wordEnd(letters: string[], start: number, breakOnHyphens: boolean): number {
  let end = start + 1;
  while (end < letters.length && !isBlankAt(letters, end)) {
    if (breakOnHyphens) {
      if (isCompoundHyphen(letters, end)) return end + 1;
      if (dashAt(letters, end) !== undefined) return end;
    }
    end += 1;
  }
  return end;
}

/** Where a dash that stands between words ends; undefined where none starts. */
function dashAt(letters: string[], at: number): number | undefined {
  if (letters[at] !== "-" || letters[at + 1] !== "-") return undefined;
  const before = letters[at - 1] ?? "";
  if (!WORD.test(before) && !PUNCTUATION.test(before)) return undefined;
  let end = at + 2;
  while (letters[end] === "-") end += 1;
  return WORD.test(letters[end] ?? "") ? end : undefined;
}

/** A hyphen after two letters, or after a letter that itself follows a hyphen, and before the like. */
function isCompoundHyphen(letters: string[], at: number): boolean {
  if (letters[at] !== "-" || !isLetter(letters, at - 1) || !isLetter(letters, at + 1)) return false;
  const before = isLetter(letters, at - 2) || (letters[at - 2] === "-" && isLetter(letters, at - 3));
  return before && (isLetter(letters, at + 2) || (letters[at + 2] === "-" && isLetter(letters, at + 3)));
}

function isLetter(letters: string[], at: number): boolean {
  return LETTER.test(letters[at] ?? "");
}

function isBlankAt(letters: string[], at: number): boolean {
  return /[\t\n\v\f\r ]/.test(letters[at] ?? "");
}
