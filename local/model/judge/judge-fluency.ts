import { words } from "../text/words.ts";
import type { Judgement } from "./judgement.ts";
import { readAnswer } from "./read-answer.ts";
import type { JudgeCall } from "./read-judge-call.ts";
import { speaksEnglish } from "./speaks-english.ts";

/** Fluency: the surface of the language. Capitals, closing marks, doubled words, shouting, and English at all. */
export function judgeFluency({ answer }: JudgeCall): Judgement {
  const { sentences } = readAnswer(answer);
  const all = words(answer);
  const letters = answer.replaceAll(/[^\p{L}]/gu, "");
  const faults: { fault: string; cost: number }[] = [];
  if (all.length < 3) faults.push({ fault: "It is not a sentence.", cost: 3 });
  if (!speaksEnglish(answer)) faults.push({ fault: "Hardly a word of it is English.", cost: 3 });
  const small = sentences.find((sentence) => /^\p{Ll}/u.test(sentence));
  if (small) faults.push({ fault: `"${small}" opens without a capital.`, cost: 1 });
  const open = sentences.find((sentence) => !/[.!?:)"'\]]$/.test(sentence));
  if (open) faults.push({ fault: `"${open}" has no closing mark.`, cost: 1 });
  const doubled = /\b(\p{L}{2,}) \1\b/iu.exec(answer)?.[0];
  if (doubled) faults.push({ fault: `It says "${doubled}".`, cost: 1 });
  if (letters.length > 20 && letters === letters.toUpperCase()) faults.push({ fault: "It shouts.", cost: 2 });
  const odd = /\b(?:a [aeo]\p{L}+|an [bcdfgkpqstvwz]\p{L}+|is are|are is|does is)\b/iu.exec(answer)?.[0];
  if (odd && !/a (?:one|eu|once)/i.test(odd)) faults.push({ fault: `"${odd}" is not grammatical.`, cost: 1 });
  return {
    reason: faults.map(({ fault }) => fault).join(" ") || "It is well-formed English.",
    score: 5 - faults.reduce((sum, { cost }) => sum + cost, 0),
  };
}
