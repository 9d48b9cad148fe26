import { normalisedWords } from "./normalised-words.ts";
import { textOverlap } from "./text/text-overlap.ts";

export const exactMatch = textOverlap({
  name: "exact_match",
  help: "1 where the answer is the expected answer, apart from case, punctuation and a, an, the; else 0.",
  source: "SQuAD exact match (Rajpurkar et al. 2016)",
  revision: "1",
  compare(answer, groundTruth) {
    const expected = normalisedWords(groundTruth).join(" ");
    if (expected === "") return { value: null, reason: "The row's ground_truth holds no words." };
    const same = normalisedWords(answer).join(" ") === expected;
    return { value: same ? 1 : 0, reason: same ? "The same words." : "Other words than expected." };
  },
});
