import { foldText, joinSpacedLetters } from "./fold-text.ts";
import { isWhole, type VisiblePiece } from "./visible-pieces.ts";

/** Finds the first of the terms that a text, or a piece of one, holds: its place in the list, from 0. */
export type FindBlockedTerm = (piece: VisiblePiece) => number | undefined;

interface Term {
  /** Its longest word: a text without it is none to look at any closer, which takes sixteen times as long. */
  word: string;
  words: readonly string[];
  /** Compiled for the first text that has the word: a thousand at once take a third of a second. */
  pattern: RegExp | undefined;
}

/** Marks that end a word are of it: C++ and C# are not C. */
const WORD = /[^\s\p{P}\p{S}]+(?:[+#]+(?![\p{L}\p{N}]))?/gu;
const BETWEEN_WORDS = String.raw`[\s\p{P}\p{S}]+`;
/** Scripts that put nothing between their words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Terms as whole words, whatever their case, accents, look-alike letters, invisible characters or the spaces and marks
 * between their words and letters.
 */
export function compileBlockedTerms(terms: readonly string[]): FindBlockedTerm {
  const read = terms.map(readTerm);
  return (piece) => {
    const folded = foldText(piece.text);
    const joined = joinSpacedLetters(folded);
    const views = joined === folded ? [folded] : [folded, joined];
    const found = read.findIndex((term) => views.some((view) => holds(view, term, piece)));
    return found < 0 ? undefined : found;
  };
}

function holds(view: string, term: Term, piece: VisiblePiece): boolean {
  if (!view.includes(term.word)) return false;
  term.pattern ??= new RegExp(patternOf(term.words), "gu");
  for (const { 0: found, index } of view.matchAll(term.pattern))
    if (isWhole(piece, view, index, index + found.length)) return true;
  return false;
}

function readTerm(term: string): Term {
  const words = foldText(term).match(WORD) ?? [];
  const longest = words.reduce((long, word) => (word.length > long.length ? word : long), "");
  return { word: longest, words, pattern: undefined };
}

function patternOf(words: readonly string[]): string {
  const first = words[0]?.at(0) ?? "";
  const last = words.at(-1)?.at(-1) ?? "";
  const before = UNSPACED.test(first) ? "" : String.raw`(?<![\p{L}\p{N}])`;
  const quoted = words.map((word) => word.replaceAll("+", String.raw`\+`));
  return `${before}${quoted.join(BETWEEN_WORDS)}${endOf(last)}`;
}

/** What must not follow the last character of a term; after a mark a number may: C++11. */
function endOf(last: string): string {
  if (UNSPACED.test(last)) return "";
  return /[+#]/.test(last) ? String.raw`(?!\p{L})` : String.raw`(?![\p{L}\p{N}])`;
}
