import { textOverlap } from "./text/text-overlap.ts";

/** Longer texts would take seconds, and their distance says little. */
const LONGEST = 20_000;

export const levenshtein = textOverlap({
  name: "levenshtein",
  help: "How few characters must change to make the answer the expected answer: 1 is the same text.",
  source: "Levenshtein 1966",
  revision: "1",
  compare(answer, expected) {
    const given = Array.from(answer.trim());
    const truth = Array.from(expected.trim());
    if (given.length > LONGEST || truth.length > LONGEST) {
      return {
        value: null,
        reason: `Only texts of at most ${LONGEST} characters are compared by character.`,
      };
    }
    const distance = editDistance(given, truth);
    const value = 1 - distance / Math.max(given.length, truth.length, 1);
    return { value, reason: `${distance} characters differ of ${Math.max(given.length, truth.length)}.` };
  },
});

/** The least number of insertions, deletions and replacements (Levenshtein 1966), one row of the table at a time. */
export function editDistance(one: readonly string[], other: readonly string[]): number {
  let previous = Uint32Array.from({ length: other.length + 1 }, (_, index) => index);
  let current = new Uint32Array(other.length + 1);
  for (let row = 1; row <= one.length; row += 1) {
    current[0] = row;
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const changed = Math.min(previous[column] ?? 0, current[column - 1] ?? 0) + 1;
      current[column] = Math.min(replaced, changed);
    }
    [previous, current] = [current, previous];
  }
  return previous[other.length] ?? 0;
}
