import { normalForm } from "../normal-form.ts";
import { once } from "../once.ts";

/** Letters of other alphabets that look like Latin ones. */
const LOOK_ALIKES = Object.entries({
  a: "аαɑ",
  b: "ьβ",
  c: "сϲᴄ",
  d: "ԁ",
  e: "еєε",
  g: "ɡ",
  h: "һ",
  i: "іιıɩ",
  j: "јϳ",
  k: "кκ",
  l: "ӏⅼ",
  m: "м",
  n: "п",
  o: "оοσ",
  p: "рρ",
  q: "ԛ",
  r: "г",
  s: "ѕ",
  t: "тτ",
  u: "υ",
  v: "ѵν",
  w: "ԝω",
  x: "хχ",
  y: "уγү",
  z: "ᴢ",
  ss: "ß",
});
/** What each of them looks like, and what finds them. */
const alike = once(() => {
  const latin = new Map(
    LOOK_ALIKES.flatMap(([letter, others]) => Array.from(others, (other) => [other, letter] as const)),
  );
  return { latin, pattern: new RegExp(`[${[...latin.keys()].join("")}]`, "gu") };
});
/** What nobody sees: format characters, fillers, variation selectors. */
const INVISIBLE = /[\p{Cf}\u115f\u1160\u3164\uffa0]|\p{Variation_Selector}|\u034f/gu;
/** Accents; not the marks of other scripts, without which their words are others. */
const ACCENTS = /[\u0300-\u036f]/g;

/** The text without what nobody sees. */
export function withoutInvisible(text: string): string {
  return text.replaceAll(INVISIBLE, "");
}

/** The text with compatibility forms (full width, mathematical letters) as plain ones, and nothing invisible in it. */
export function visibleText(text: string): string {
  return normalForm(withoutInvisible(text), "NFKC");
}

/**
 * The text as it is compared: as `visibleText`, in lower case, without accents, and letters that only look Latin as
 * those they look like. It is for comparing, not for reading: words of other alphabets come out mixed.
 */
export function foldText(text: string): string {
  const { latin, pattern } = alike();
  return normalForm(visibleText(text), "NFKD")
    .replaceAll(ACCENTS, "")
    .toLowerCase()
    .replaceAll(pattern, (letter) => latin.get(letter) ?? letter);
}

/** Single letters with one and the same separator between them, three or more: i g n o r e, i.g.n.o.r.e. */
const SPACED = /(?<![\p{L}\p{N}])\p{L}(?:([ .\-_*|])\p{L})(?:\1\p{L})+(?![\p{L}\p{N}])/gu;

/** The text with words that are written letter by letter joined. */
export function joinSpacedLetters(text: string): string {
  return text.replaceAll(SPACED, (run) => run.replaceAll(/[^\p{L}]/gu, ""));
}
