import { splitBlocks } from "../text/blocks.ts";
import { cosine } from "../text/cosine.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { namesIn, numbersIn } from "../text/facts.ts";
import { coverage, terms, words } from "../text/words.ts";
import type { Judgement } from "./judgement.ts";
import { readAnswer } from "./read-answer.ts";
import type { JudgeCall } from "./read-judge-call.ts";

/** A stretch of the context, ready to compare. */
interface Passage {
  facts: string[];
  terms: Set<string>;
  numbers: Set<string>;
}

/** How far one claim is supported, 0 to 1, and what speaks against it. */
interface Support {
  share: number;
  fault: string | undefined;
}

/**
 * Groundedness: the mean support of the answer's claims. A claim is supported where the passage nearest to it holds
 * its words and every number and proper name in it; meaning (embeddings) helps where the words differ, and never
 * outweighs a wrong number. An answer that claims nothing is grounded.
 */
export async function judgeGroundedness(call: JudgeCall, encoder: SentenceEncoder): Promise<Judgement> {
  const { claims, refuses } = readAnswer(call.answer);
  if (claims.length === 0) {
    return { reason: refuses ? "It says honestly that it cannot answer." : "It claims nothing.", score: 5 };
  }
  const passages = splitBlocks(call.context).map(({ title, facts }) => {
    const text = `${title}\n${facts.join("\n")}`;
    return { facts, terms: terms(text), numbers: numbersIn(text) };
  });
  const contextWords = new Set(words(`${call.context} ${call.question}`));
  const supports = await Promise.all(claims.map((claim) => support(claim, passages, contextWords, encoder)));
  const mean = supports.reduce((sum, { share }) => sum + share, 0) / supports.length;
  const fault = supports.toSorted((a, b) => a.share - b.share)[0]?.fault;
  return {
    reason: fault ?? "Every claim is in the context, with its numbers and names.",
    score: 1 + 4 * mean,
  };
}

async function support(
  claim: string,
  passages: Passage[],
  contextWords: ReadonlySet<string>,
  encoder: SentenceEncoder,
): Promise<Support> {
  const invented = [...namesIn(claim)].find((name) => !words(name).every((word) => contextWords.has(word)));
  if (invented) return { share: 0, fault: `"${invented}" in "${claim}" is not in the context.` };
  const numbers = [...numbersIn(claim)];
  const unknown = numbers.find((number) => passages.every((passage) => !passage.numbers.has(number)));
  if (unknown) return { share: 0, fault: `The number ${unknown} in "${claim}" is not in the context.` };

  const claimed = terms(claim);
  const ranked = passages
    .map((passage) => ({ passage, share: coverage(claimed, passage.terms) }))
    .sort((a, b) => b.share - a.share);
  const best = ranked[0];
  if (!best) return { share: 0, fault: `There is no context that could support "${claim}".` };
  // A sentence that compares draws on two passages.
  const nearest = ranked.slice(0, 2).map(({ passage }) => passage);
  const elsewhere = numbers.find((number) => nearest.every((passage) => !passage.numbers.has(number)));
  if (elsewhere) {
    return {
      share: 0.25,
      fault: `The number ${elsewhere} in "${claim}" belongs to something else in the context.`,
    };
  }
  const joint = Math.max(best.share, coverage(claimed, union(nearest.map((passage) => passage.terms))) - 0.1);
  if (joint >= 0.75) return { share: 1, fault: undefined };
  const meaning = await nearestMeaning(claim, best.passage.facts, encoder);
  const share = Math.min(1, 0.9 * joint + (meaning > 0.6 ? 0.4 * (meaning - 0.4) : 0));
  return { share, fault: `Only ${Math.round(joint * 100)} % of the words of "${claim}" are in the context.` };
}

/** The highest cosine between the claim and the three facts that share most words with it. */
async function nearestMeaning(claim: string, facts: string[], encoder: SentenceEncoder): Promise<number> {
  const claimed = terms(claim);
  const close = facts
    .map((fact) => ({ fact, share: coverage(claimed, terms(fact)) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, 3);
  if (close.length === 0) return 0;
  const vector = await encoder.sentence(claim);
  const cosines = await Promise.all(
    close.map(async ({ fact }) => cosine(vector, await encoder.sentence(fact))),
  );
  return Math.max(...cosines);
}

function union(sets: ReadonlySet<string>[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
