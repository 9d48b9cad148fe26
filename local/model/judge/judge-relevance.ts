import { aspectsOf } from "../answer/aspects.ts";
import { cosine } from "../text/cosine.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { coverage, terms } from "../text/words.ts";
import type { Judgement } from "./judgement.ts";
import { readAnswer } from "./read-answer.ts";
import type { JudgeCall } from "./read-judge-call.ts";

const STEERS = /\bonly help\b|\b(?:but|instead)\b.*\bhelp with\b|\bcannot help with that\b/i;

/** A share of the question's words from which embeddings, at 20 ms each, are not asked. */
const PLAIN = 0.7;

/**
 * Relevance: whether the answer speaks to the question, by the share of the question's words in it, the cosine of
 * their embeddings, and whether it tells the kind of thing asked (a price for a price). An answer that owns up to not
 * knowing has little of it; a polite decline that says what it can help with has enough.
 */
export async function judgeRelevance(call: JudgeCall, encoder: SentenceEncoder): Promise<Judgement> {
  const { claims, refuses } = readAnswer(call.answer);
  if (refuses) {
    return STEERS.test(call.answer)
      ? { reason: "It declines and says what it can help with.", score: 4 }
      : { reason: "It does not answer the question, and says so.", score: 2 };
  }
  if (claims.length === 0) return { reason: "It says nothing about the question.", score: 2 };
  const stated = claims.join(" ");
  const missing = aspectsOf(call.question).find(({ told }) => !told.test(stated));
  const share = coverage(terms(call.question), terms(stated));
  const words = `${Math.round(share * 100)} % of the question's words`;
  if (share >= PLAIN && !missing) return { reason: `It answers the question (${words}).`, score: 5 };
  const [asked, told] = await Promise.all([encoder.sentence(call.question), encoder.sentence(stated)]);
  const meaning = cosine(asked, told);
  const score = 1.2 + 2.6 * share + 3.2 * Math.max(0, meaning) - (missing ? 1 : 0);
  const opinion = score >= 3.5 ? "It answers the question" : "It is not about what was asked";
  const lack = missing ? `, though it does not tell the ${missing.name}` : "";
  return { reason: `${opinion}${lack} (${words}, closeness ${meaning.toFixed(2)}).`, score };
}
