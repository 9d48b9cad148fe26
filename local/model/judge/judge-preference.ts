import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { judgeGroundedness } from "./judge-groundedness.ts";
import { judgeRelevance } from "./judge-relevance.ts";
import { judgeSimilarity } from "./judge-similarity.ts";
import type { Judgement } from "./judgement.ts";
import type { JudgeCall } from "./read-judge-call.ts";

/** Answers whose sums differ by less are as good as each other. */
const NOTICEABLE = 0.5;

/** Which of two answers is better (1: the first, 3: the second): by relevance, by support, and by what was expected. */
export async function judgePreference(call: JudgeCall, encoder: SentenceEncoder): Promise<Judgement> {
  const worthOf = async (answer: string): Promise<number> => {
    if (answer.trim() === "") return 0;
    const asked = { ...call, answer };
    const judged = await Promise.all([
      judgeRelevance(asked, encoder),
      ...(call.context.trim() === "" ? [] : [judgeGroundedness(asked, encoder)]),
      ...(call.groundTruth.trim() === "" ? [] : [judgeSimilarity(asked, encoder)]),
    ]);
    return judged.reduce((sum, { score }) => sum + Math.min(5, Math.max(1, score)), 0);
  };
  const [first, second] = await Promise.all([worthOf(call.answerA), worthOf(call.answerB)]);
  const reason = `Relevance, support and likeness add up to ${first.toFixed(1)} for A and ${second.toFixed(1)} for B.`;
  if (Math.abs(first - second) < NOTICEABLE) return { reason, score: 2 };
  return { reason, score: first > second ? 1 : 3 };
}
