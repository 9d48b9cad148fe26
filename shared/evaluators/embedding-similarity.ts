import type { EvaluatorDefinition } from "./evaluator.ts";
import { unscorable } from "./unscorable.ts";

export const embeddingSimilarity: EvaluatorDefinition = {
  name: "embedding_similarity",
  kind: "text-overlap",
  scale: { min: 0, max: 1 },
  direction: "higher",
  threshold: 0.5,
  needs: ["answer", "ground_truth"],
  embeds: true,
  help: "How near the answer is in meaning to the expected answer, by the embedding model. Blind to wrong numbers.",
  source: "Flowgate",
  revision: "1",
  async measure(input, { embed }) {
    const why = unscorable(["answer", "ground_truth"], input);
    if (why !== undefined) return { value: null, reason: why };
    const [given, expected] = await embed([input.answer, input.groundTruth ?? ""]);
    if (!given || !expected) return { value: null, reason: "The embedding model gave no vectors." };
    // Vectors have length 1; opposite meanings are as far apart as unrelated ones.
    const cosine = given.reduce((sum, value, index) => sum + value * (expected[index] ?? 0), 0);
    const value = Math.min(1, Math.max(0, cosine));
    return { value, reason: `The cosine of the two is ${cosine.toFixed(3)}.` };
  },
};
