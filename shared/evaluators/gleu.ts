import { countNgrams, sharedCount } from "./text/count-ngrams.ts";
import { textOverlap } from "./text/text-overlap.ts";
import { tokensOf } from "./text/tokens.ts";

const LONGEST = 4;

export const gleu = textOverlap({
  name: "gleu",
  help: "How many runs of one to four words the answer and the expected answer share, of the longer's.",
  source: "Azure AI Evaluation, GleuScoreEvaluator; Wu et al. 2016",
  revision: "2",
  compare(answer, expected) {
    const value = gleuScore(tokensOf(answer), tokensOf(expected));
    return { value, reason: `GLEU ${value.toFixed(3)} against the expected answer.` };
  },
});

/**
 * Sentence GLEU (Wu et al. 2016, section 6): of all n-grams of length 1 to 4, the smaller of precision and recall.
 */
export function gleuScore(given: readonly string[], expected: readonly string[]): number {
  let shared = 0;
  for (let length = 1; length <= LONGEST; length += 1) {
    shared += sharedCount(countNgrams(given, length), countNgrams(expected, length));
  }
  const most = Math.max(ngramsIn(given), ngramsIn(expected));
  return most === 0 ? 0 : shared / most;
}

function ngramsIn(tokens: readonly string[]): number {
  let count = 0;
  for (let length = 1; length <= LONGEST; length += 1) count += Math.max(0, tokens.length - length + 1);
  return count;
}
