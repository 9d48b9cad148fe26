import { stemmer } from "stemmer";
import { textOverlap } from "./text/text-overlap.ts";
import { tokensOf } from "./text/tokens.ts";

/** Lavie and Agarwal 2007: recall weighs nine times precision, and scattered matches halve the score at most. */
const ALPHA = 0.9;
const BETA = 3;
const GAMMA = 0.5;

export const meteor = textOverlap({
  name: "meteor",
  help: "How many words of the expected answer the answer has, in the same or another form, and in one piece.",
  source: "Azure AI Evaluation, MeteorScoreEvaluator; Banerjee and Lavie 2005",
  revision: "2",
  compare(answer, expected) {
    const value = meteorScore(tokensOf(answer), tokensOf(expected));
    return { value, reason: `METEOR ${value.toFixed(3)} against the expected answer.` };
  },
});

/**
 * METEOR (Banerjee and Lavie 2005, with the parameters of Lavie and Agarwal 2007): words are matched as they are,
 * then by their Porter stems; F = PR / (αP + (1 - α)R); the score is F · (1 - γ (chunks / matches)^β). Synonyms of
 * WordNet, a data set that does not come with packages, are not matched, so a score is never above NLTK's.
 */
export function meteorScore(given: readonly string[], expected: readonly string[]): number {
  const words = given.map((word) => word.toLowerCase());
  const truth = expected.map((word) => word.toLowerCase());
  const pairs = new Map<number, number>();
  match(words, truth, pairs);
  match(words.map(stemmer), truth.map(stemmer), pairs);
  if (pairs.size === 0) return 0;
  const precision = pairs.size / words.length;
  const recall = pairs.size / truth.length;
  const mean = (precision * recall) / (ALPHA * precision + (1 - ALPHA) * recall);
  return mean * (1 - GAMMA * (chunksIn(pairs) / pairs.size) ** BETA);
}

/** Adds a pair for each word of `given`, last first, whose last free equal in `expected` is free. */
function match(given: readonly string[], expected: readonly string[], pairs: Map<number, number>): void {
  const taken = new Set(pairs.values());
  for (let at = given.length - 1; at >= 0; at -= 1) {
    if (pairs.has(at)) continue;
    const found = expected.findLastIndex((word, index) => word === given[at] && !taken.has(index));
    if (found === -1) continue;
    pairs.set(at, found);
    taken.add(found);
  }
}

/** Runs of pairs that follow each other in both texts. */
function chunksIn(pairs: ReadonlyMap<number, number>): number {
  return [...pairs].filter(([at, found]) => pairs.get(at - 1) !== found - 1).length;
}
