import { normalisedWords } from "./normalised-words.ts";
import { countNgrams, sharedCount } from "./text/count-ngrams.ts";
import { textOverlap } from "./text/text-overlap.ts";

export const f1Score = textOverlap({
  name: "f1_score",
  help: "How many words the answer shares with the expected answer, from 0 (none) to 1 (the same words).",
  source: "Azure AI Evaluation, F1ScoreEvaluator; SQuAD F1 (Rajpurkar et al. 2016)",
  revision: "1",
  compare(answer, groundTruth) {
    const expected = normalisedWords(groundTruth);
    if (expected.length === 0) return { value: null, reason: "The row's ground_truth holds no words." };
    const given = normalisedWords(answer);
    // Each occurrence counts once.
    const shared = sharedCount(countNgrams(given, 1), countNgrams(expected, 1));
    const value = shared === 0 ? 0 : (2 * shared) / (given.length + expected.length);
    const reason = `${shared} of ${expected.length} expected words are among the answer's ${given.length}.`;
    return { value, reason };
  },
});
