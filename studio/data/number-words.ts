// The page speaks English, and so do its numbers: 1.234 beside 1,234 would be read wrongly. Dates are the reader's.
const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SCORE = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const FACTOR = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** `12,345`. */
export function countWords(count: number): string {
  return WHOLE.format(count);
}

/** `3.75`: what has no unit but its scale. */
export function scoreWords(score: number): string {
  return SCORE.format(score);
}

/** `1.25`, `12,300`: three digits that count. */
export function factorWords(factor: number): string {
  return FACTOR.format(factor);
}

/** `1 turn`, `12 turns`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${countWords(count)} ${count === 1 ? one : many}`;
}
