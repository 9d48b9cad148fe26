import { LOCALE } from "./safe-locale.ts";

const WHOLE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const SCORE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });

/** `12,345`. */
export function countWords(count: number): string {
  return WHOLE.format(count);
}

/** `3.75`: what has no unit but its scale. */
export function scoreWords(score: number): string {
  return SCORE.format(score);
}

/** `1 turn`, `12 turns`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${countWords(count)} ${count === 1 ? one : many}`;
}
