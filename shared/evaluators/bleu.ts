import { countNgrams, sharedCount } from "./text/count-ngrams.ts";
import { textOverlap } from "./text/text-overlap.ts";
import { tokensOf } from "./text/tokens.ts";

const LONGEST = 4;
/** The constant of the smoothing (Chen and Cherry 2014, method 4, as corrected in NLTK). */
const SMOOTHING = 5;

export const bleu = textOverlap({
  name: "bleu",
  help: "How many runs of one to four words the answer shares with the expected answer, for its length.",
  source: "Azure AI Evaluation, BleuScoreEvaluator; Papineni et al. 2002",
  revision: "2",
  compare(answer, expected) {
    const value = bleuScore(tokensOf(answer), tokensOf(expected));
    return { value, reason: `BLEU-4 ${value.toFixed(3)} against the expected answer.` };
  },
});

/**
 * Sentence BLEU with n-grams up to 4 of equal weight (Papineni et al. 2002): the brevity penalty times the geometric
 * mean of the n-gram precisions. Precisions of 0 are smoothed by method 4 of Chen and Cherry (2014), as Azure AI
 * Evaluation asks of NLTK. 0 where no word is shared.
 */
export function bleuScore(given: readonly string[], expected: readonly string[]): number {
  if (given.length === 0 || expected.length === 0) return 0;
  let zeros = 0;
  let logSum = 0;
  for (let length = 1; length <= LONGEST; length += 1) {
    const counts = countNgrams(given, length);
    const total = Math.max(1, given.length - length + 1);
    const shared = sharedCount(counts, countNgrams(expected, length));
    if (length === 1 && shared === 0) return 0;
    let numerator = shared;
    if (shared === 0) {
      // A single word has no longer runs: there is nothing to count and nothing to smooth.
      if (given.length === 1) continue;
      zeros += 1;
      numerator = Math.log(given.length) / (2 ** zeros * SMOOTHING);
    }
    logSum += Math.log(numerator / total) / LONGEST;
  }
  const brevity = given.length > expected.length ? 1 : Math.exp(1 - expected.length / given.length);
  return brevity * Math.exp(logSum);
}
