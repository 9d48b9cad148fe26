import { terms, words } from "../text/words.ts";
import type { Judgement } from "./judgement.ts";
import { readAnswer } from "./read-answer.ts";
import type { JudgeCall } from "./read-judge-call.ts";
import { speaksEnglish } from "./speaks-english.ts";

const LONGEST = 12;
/** Words that carry a thread on where no noun is repeated. */
const LINKS = /\b(?:it|its|they|them|this|these|that|also|but|so|and|you|your|we|our|i)\b/i;

/** Coherence: whole sentences that hang together, without repeating themselves or rambling. */
export function judgeCoherence({ answer }: JudgeCall): Judgement {
  const { sentences } = readAnswer(answer);
  const faults: { fault: string; cost: number }[] = [];
  if (words(answer).length < 3) faults.push({ fault: "It is no more than a word or two.", cost: 3 });
  if (!speaksEnglish(answer))
    faults.push({ fault: "It does not speak the language of the question.", cost: 2 });
  const repeated = sentences.find((sentence, index) => sentences.indexOf(sentence) !== index);
  if (repeated) faults.push({ fault: `It repeats "${repeated}".`, cost: 2 });
  if (sentences.length > LONGEST)
    faults.push({ fault: `It rambles on for ${sentences.length} sentences.`, cost: 1 });
  const broken = sentences.find((sentence) => /[,;:]$/.test(sentence));
  if (broken) faults.push({ fault: `"${broken}" breaks off.`, cost: 1 });
  const stray = sentences.findIndex(
    (sentence, index) => index > 0 && !follows(sentences[index - 1]!, sentence),
  );
  if (stray > 0)
    faults.push({ fault: `"${sentences[stray]}" does not follow from what stands before it.`, cost: 1 });
  return {
    reason: faults.map(({ fault }) => fault).join(" ") || "Its sentences follow from one another.",
    score: 5 - faults.reduce((sum, { cost }) => sum + cost, 0),
  };
}

function follows(before: string, sentence: string): boolean {
  const earlier = terms(before);
  return LINKS.test(sentence) || [...terms(sentence)].some((term) => earlier.has(term));
}
