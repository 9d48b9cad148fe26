/** Marks, and the few letters that a normal form makes marks of. Runs of fewer are all that any language writes. */
const LONG_RUN =
  /(?<![\p{M}\u0e33\u0eb3\uff9e\uff9f])([\p{M}\u0e33\u0eb3\uff9e\uff9f]{30})[\p{M}\u0e33\u0eb3\uff9e\uff9f]+/gu;

/** The text with at most 30 combining marks in a row (UAX #15, section 13). */
export function withFewMarks(text: string): string {
  return text.replaceAll(LONG_RUN, "$1");
}

/**
 * The text in one of Unicode's normal forms, `withFewMarks`: they are put in their order, which takes a time that
 * grows with the square of how many there are.
 */
export function normalForm(text: string, form: "NFC" | "NFKC" | "NFKD"): string {
  return withFewMarks(text).normalize(form);
}
