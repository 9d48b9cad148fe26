import { foldText, joinSpacedLetters } from "./fold-text.ts";

/** Finds the first of the terms that a text holds: its place in the list, from 0. */
export type FindBlockedTerm = (text: string) => number | undefined;

const BETWEEN_WORDS = String.raw`[\s\p{P}\p{S}]+`;
/** Scripts that put nothing between their words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Terms as whole words, whatever their case, accents, look-alike letters, invisible characters or the spaces and marks
 * between their words and letters.
 */
export function compileBlockedTerms(terms: readonly string[]): FindBlockedTerm {
  const patterns = terms.map((term) => new RegExp(patternOf(term), "u"));
  return (text) => {
    const folded = foldText(text);
    const joined = joinSpacedLetters(folded);
    const views = joined === folded ? [folded] : [folded, joined];
    const found = patterns.findIndex((pattern) => views.some((view) => pattern.test(view)));
    return found < 0 ? undefined : found;
  };
}

function patternOf(term: string): string {
  const words = foldText(term)
    .split(/[\s\p{P}\p{S}]+/u)
    .filter((word) => word !== "");
  const first = words[0]?.at(0) ?? "";
  const last = words.at(-1)?.at(-1) ?? "";
  const before = UNSPACED.test(first) ? "" : String.raw`(?<![\p{L}\p{N}])`;
  const after = UNSPACED.test(last) ? "" : String.raw`(?![\p{L}\p{N}])`;
  return `${before}${words.join(BETWEEN_WORDS)}${after}`;
}
