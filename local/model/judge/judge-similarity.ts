import { cosine } from "../text/cosine.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { numbersIn } from "../text/facts.ts";
import { coverage, terms } from "../text/words.ts";
import type { Judgement } from "./judgement.ts";
import { readAnswer } from "./read-answer.ts";
import type { JudgeCall } from "./read-judge-call.ts";

/** A share of words in common from which embeddings, at 20 ms each, are not asked. */
const PLAIN = 0.8;

/**
 * Similarity: whether the answer means what the ground truth means, by shared words both ways, the cosine of their
 * embeddings and the numbers of the ground truth. Two refusals agree; a refusal never agrees with an answer.
 */
export async function judgeSimilarity(call: JudgeCall, encoder: SentenceEncoder): Promise<Judgement> {
  const given = readAnswer(call.answer);
  const wanted = readAnswer(call.groundTruth);
  const refusesBoth = given.refuses && refusesFirst(wanted.sentences, call.groundTruth);
  if (refusesBoth) return { reason: "Both say that they cannot answer.", score: 5 };
  if (given.refuses) return { reason: "It does not answer, and the ground truth does.", score: 1 };

  const answer = given.claims.join(" ") || call.answer;
  const truth = wanted.claims.join(" ") || call.groundTruth;
  const answerTerms = terms(answer);
  const truthTerms = terms(truth);
  const recall = coverage(truthTerms, answerTerms);
  const precision = coverage(answerTerms, truthTerms);
  const overlap = recall + precision === 0 ? 0 : (2 * recall * precision) / (recall + precision);
  const numbers = [...numbersIn(truth)];
  const answerNumbers = numbersIn(answer);
  const lost = numbers.filter((number) => !answerNumbers.has(number));
  const agreed = numbers.length === 0 ? 1 : 1 - lost.length / numbers.length;
  if (overlap >= PLAIN && agreed === 1) {
    return {
      reason: `It says the same (${Math.round(recall * 100)} % of the ground truth's words).`,
      score: 5,
    };
  }
  const [a, b] = await Promise.all([encoder.sentence(answer), encoder.sentence(truth)]);
  const meaning = cosine(a, b);

  const score = Math.min(1 + 2 * Math.max(overlap, recall) + 2.4 * Math.max(0, meaning), 2.5 + 2.5 * agreed);
  const lack = lost.length > 0 ? ` It lacks ${lost.join(", ")}.` : "";
  return {
    reason: `${Math.round(recall * 100)} % of the ground truth's words, closeness ${meaning.toFixed(2)}.${lack}`,
    score,
  };
}

/** A ground truth may refuse and then explain: its first sentence tells. */
function refusesFirst(sentences: string[], text: string): boolean {
  return readAnswer(sentences[0] ?? text).refuses;
}
