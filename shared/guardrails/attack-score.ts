import { setImmediate } from "node:timers/promises";
import { ATTACK_SIGNALS, TALKS_OF_ATTACKS } from "./attack-signals.ts";
import { foldText, joinSpacedLetters } from "./fold-text.ts";

/** A text at this score or above is taken for an attack. */
export const ATTACK_THRESHOLD = 3;

/** Raised with every change of what the offline checks find, so that answers judged by others are not taken for theirs. */
export const OFFLINE_REVISION = 2;

/** A long text is looked at in parts, so that weak signs far from each other do not add up. */
const PART = 1_500;
const OVERLAP = 300;
/** About 20 ms of work. */
const PARTS_AT_ONCE = 16;
/** What speaking of attacks takes off the score: more than one strong sign, less than two. */
const DISCOUNT = 2;

const DIGITS: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
};

/** How much of an attack a text looks, and by which sign most. */
export interface AttackScore {
  score: number;
  /** The heaviest sign; undefined where there is none. */
  signal: string | undefined;
}

/**
 * Looks for signs of jailbreaks and prompt injections without a model: phrases in six languages, forged role markers,
 * personas without rules, with look-alike letters, digits for letters and spaced letters undone. The score is the sum
 * of the weights of the different signs found, of the part of the text that has most.
 */
export function attackScore(text: string): AttackScore {
  return heaviest(Array.from(partsOf(text), scorePart));
}

/** The sign by which one of the texts is taken for an attack. Lets others work in between where they are long. */
export async function findAttack(texts: readonly string[]): Promise<string | undefined> {
  let looked = 0;
  for (const text of texts) {
    for (const part of partsOf(text)) {
      const { score, signal } = scorePart(part);
      if (score >= ATTACK_THRESHOLD) return signal;
      looked += 1;
      if (looked % PARTS_AT_ONCE === 0) await setImmediate();
    }
  }
  return undefined;
}

function* partsOf(text: string): Generator<string> {
  for (let at = 0; at === 0 || at + OVERLAP < text.length; at += PART - OVERLAP) {
    yield text.slice(at, at + PART);
  }
}

function scorePart(part: string): AttackScore {
  const folded = foldText(part).replaceAll(/[’‘`´]/g, "'");
  // Many lines without a word are one: a sign that begins with a line would be looked for from each of them to the last.
  const lines = folded.replaceAll(/\s+/g, (blank) => (blank.includes("\n") ? "\n" : blank));
  return heaviest(viewsOf(lines).map(scoreView));
}

function heaviest(scores: readonly AttackScore[]): AttackScore {
  return scores.reduce((worst, one) => (one.score > worst.score ? one : worst), {
    score: 0,
    signal: undefined,
  });
}

function scoreView(text: string): AttackScore {
  const found = new Map<string, number>();
  for (const { name, weight, pattern } of ATTACK_SIGNALS) {
    if (!found.has(name) && pattern.test(text)) found.set(name, weight);
  }
  const [first] = [...found].sort((a, b) => b[1] - a[1]);
  const sum = [...found.values()].reduce((total, weight) => total + weight, 0);
  const score = sum > 0 && TALKS_OF_ATTACKS.test(text) ? sum - DISCOUNT : sum;
  return { score, signal: first?.[0] };
}

/** The text as it is, with spaced letters joined, and with digits in words as the letters they stand for. */
function viewsOf(folded: string): string[] {
  const plain = folded.replaceAll(/[ \t]+/g, " ");
  const joined = joinSpacedLetters(folded).replaceAll(/[ \t]+/g, " ");
  const spelt = plain.replaceAll(/[\p{L}\d@$]+/gu, (word) =>
    /\p{L}/u.test(word) ? word.replaceAll(/[013457@$]/g, (digit) => DIGITS[digit] ?? digit) : word,
  );
  return [...new Set([plain, joined, spelt])];
}
