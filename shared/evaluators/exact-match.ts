import type { EvaluatorDefinition } from "./evaluator.ts";
import { normalisedWords } from "./normalised-words.ts";
import { unscorable } from "./unscorable.ts";

export const exactMatch: EvaluatorDefinition = {
  name: "exact_match",
  kind: "text-overlap",
  scale: { min: 0, max: 1 },
  direction: "higher",
  threshold: 0.5,
  needs: ["answer", "ground_truth"],
  help: "1 where the answer is the expected answer, apart from case, punctuation and a, an, the; else 0.",
  revision: "1",
  async measure(input) {
    const expected = normalisedWords(input.groundTruth ?? "").join(" ");
    const why =
      unscorable(["answer", "ground_truth"], input) ??
      (expected === "" ? "The row's ground_truth holds no words." : undefined);
    if (why !== undefined) return { value: null, reason: why };
    const same = normalisedWords(input.answer).join(" ") === expected;
    const reason = same ? "The same words." : "Other words than expected.";
    return { value: same ? 1 : 0, reason };
  },
};
