import { normalForm } from "../../normal-form.ts";

/** One step of the Penn Treebank's conventions: what is set apart by spaces. */
type Step = readonly [pattern: RegExp, spaced: string];

/**
 * The conventions of the Penn Treebank, in the order and with the improvements of NLTK's `word_tokenize`, which Azure
 * AI Evaluation counts words by: `can't` is `ca` and `n't`, `It's` is `It` and `'s`, a number keeps its points and
 * commas, and only the last full stop of a sentence stands by itself.
 */
const OPENING_QUOTES: readonly Step[] = [
  [/([«„]|`+)/g, " $1 "],
  [/^"/g, "``"],
  [/(``)/g, " $1 "],
  [/([ ([{<])("|'{2})/g, "$1 `` "],
  [/(')(?!re|ve|ll|m|t|s|d|n)(\w)\b/gi, "$1 $2"],
];
const PUNCTUATION: readonly Step[] = [
  [/([^.])(\.)([\])}>"'» ]*)$/g, "$1 $2 $3 "],
  [/([:,])([^\d])/g, " $1 $2"],
  [/([:,])$/g, " $1 "],
  [/(\.{2,})/g, " $1 "],
  [/([;@#$%&?!*])/g, " $1 "],
  [/([^'])' /g, "$1 ' "],
  [/([\][(){}<>])/g, " $1 "],
  [/--/g, " -- "],
];
const CLOSING_QUOTES: readonly Step[] = [
  [/»/g, " » "],
  [/''/g, " '' "],
  [/"/g, " '' "],
  [/([^' ])('s|'m|'d|') /gi, "$1 $2 "],
  [/([^' ])('ll|'re|'ve|n't) /gi, "$1 $2 "],
];
const RUN_TOGETHER: readonly Step[] = [
  [/\b(can)(not)\b/gi, " $1 $2 "],
  [/\b(d)('ye)\b/gi, " $1 $2 "],
  [/\b(gim|lem)(me)\b/gi, " $1 $2 "],
  [/\b(gon|wan)(na)\b/gi, " $1 $2 "],
  [/\b(got)(ta)\b/gi, " $1 $2 "],
  [/\b(more)('n)\b/gi, " $1 $2 "],
  [/ ('t)(is|was)\b/gi, " $1 $2 "],
];

/** A full stop after one of these, after a single letter, or after a word with points in it ends no sentence. */
const ABBREVIATIONS = new Set("mr mrs ms dr prof st jr sr vs etc inc ltd co corp no dept approx".split(" "));
const SENTENCE_END = /[.!?]["')\]}]* (?=["'([{]*[\p{Lu}\p{N}])/gu;

/**
 * The words and punctuation marks of a text, as n-gram metrics count them. Typographic quotes count as plain ones.
 * NLTK divides sentences by a trained model, which no package carries: here by full stops before capital letters.
 */
export function tokensOf(text: string): string[] {
  const plain = normalForm(text, "NFKC")
    .replaceAll(/[‘’‛]/g, "'")
    .replaceAll(/[“”‟]/g, '"')
    .replaceAll(/\s+/g, " ")
    .trim();
  return sentencesOf(plain).flatMap(wordsOf);
}

function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(SENTENCE_END)) {
    const word = text.slice(Math.max(from, text.lastIndexOf(" ", index) + 1), index);
    const bare = word.replace(/^["'([{]+/, "").toLowerCase();
    const isShort = bare.length === 1 || bare.includes(".") || ABBREVIATIONS.has(bare);
    if (mark.startsWith(".") && isShort) continue;
    const end = index + mark.length;
    sentences.push(text.slice(from, end).trim());
    from = end;
  }
  sentences.push(text.slice(from));
  return sentences.filter((sentence) => sentence !== "");
}

function wordsOf(sentence: string): string[] {
  const opened = spaced(sentence, [...OPENING_QUOTES, ...PUNCTUATION]);
  return spaced(` ${opened} `, [...CLOSING_QUOTES, ...RUN_TOGETHER])
    .split(" ")
    .filter((word) => word !== "");
}

function spaced(text: string, steps: readonly Step[]): string {
  return steps.reduce((now, [pattern, replacement]) => now.replaceAll(pattern, replacement), text);
}
