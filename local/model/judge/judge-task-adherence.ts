import { readInstructions } from "../prompt/read-instructions.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { splitSentences } from "../text/split-sentences.ts";
import { judgeRelevance } from "./judge-relevance.ts";
import type { Judgement } from "./judgement.ts";
import type { JudgeCall } from "./read-judge-call.ts";
import { readAnswer } from "./read-answer.ts";

/**
 * Task adherence: whether the answer speaks to the question, a refusal counting as the task where the instructions ask
 * for one, less what it breaks of the rules that can be counted: sentences and capital letters.
 */
export async function judgeTaskAdherence(call: JudgeCall, encoder: SentenceEncoder): Promise<Judgement> {
  const rules = readInstructions(splitSentences(call.instructions));
  const mayRefuse = rules.grounded || rules.declinesOffTopic || rules.keepsOthersPrivate;
  const { refuses, sentences } = readAnswer(call.answer);
  const base =
    refuses && mayRefuse
      ? { reason: "It declines, as its instructions ask.", score: 5 }
      : await judgeRelevance(call, encoder);
  const most = rules.maxSentences ?? Infinity;
  const broken = [
    ...(sentences.length > most ? [`It has ${sentences.length} sentences instead of ${most}.`] : []),
    ...(rules.upperCase && call.answer !== call.answer.toUpperCase() ? ["It is not in capitals."] : []),
  ];
  return { reason: [...broken, base.reason].join(" "), score: base.score - 2 * broken.length };
}
