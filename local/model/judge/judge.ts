import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { judgeCoherence } from "./judge-coherence.ts";
import { judgeFluency } from "./judge-fluency.ts";
import { judgeGroundedness } from "./judge-groundedness.ts";
import { judgeRelevance } from "./judge-relevance.ts";
import { judgeSimilarity } from "./judge-similarity.ts";
import type { Judgement } from "./judgement.ts";
import type { JudgeCall } from "./read-judge-call.ts";

type JudgeOf = (call: JudgeCall, encoder: SentenceEncoder) => Judgement | Promise<Judgement>;

const JUDGES: Record<string, JudgeOf> = {
  groundedness: judgeGroundedness,
  relevance: judgeRelevance,
  coherence: judgeCoherence,
  fluency: judgeFluency,
  similarity: judgeSimilarity,
};

/** Grades an answer with a whole number. An evaluator it does not know is graded by how far the answer speaks to the question. */
export async function judge(call: JudgeCall, encoder: SentenceEncoder): Promise<Judgement> {
  if (call.answer.trim() === "") return { reason: "The answer is empty.", score: 1 };
  const { reason, score } = await (JUDGES[call.evaluator] ?? judgeRelevance)(call, encoder);
  return { reason, score: Math.min(5, Math.max(1, Math.round(score))) };
}
