import type { EvaluatorDefinition } from "./evaluator.ts";
import { normalisedWords } from "./normalised-words.ts";
import { unscorable } from "./unscorable.ts";

export const f1Score: EvaluatorDefinition = {
  name: "f1_score",
  kind: "text-overlap",
  scale: { min: 0, max: 1 },
  direction: "higher",
  threshold: 0.5,
  needs: ["answer", "ground_truth"],
  help: "How many words the answer shares with the expected answer, from 0 (none) to 1 (the same words).",
  revision: "1",
  async measure(input) {
    const expected = normalisedWords(input.groundTruth ?? "");
    const why =
      unscorable(["answer", "ground_truth"], input) ??
      (expected.length === 0 ? "The row's ground_truth holds no words." : undefined);
    if (why !== undefined) return { value: null, reason: why };
    const given = normalisedWords(input.answer);
    const shared = sharedWords(given, expected);
    const value = shared === 0 ? 0 : (2 * shared) / (given.length + expected.length);
    const reason = `${shared} of ${expected.length} expected words are among the answer's ${given.length}.`;
    return { value, reason };
  },
};

/** Each occurrence counts once: the size of the intersection of two multisets. */
function sharedWords(given: string[], expected: string[]): number {
  const left = new Map<string, number>();
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of given) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared += 1;
  }
  return shared;
}
