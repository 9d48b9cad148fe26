import { splitSentences } from "../text/split-sentences.ts";

const ATTACK =
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|guidelines|prompt|above|restrictions?)\b|\b(?:system|hidden|initial) (?:prompt|instructions?)\b|\b(?:pretend|act as if|roleplay|you are now|from now on)\b|\b(?:developer|dan|jailbreak|god) mode\b|\bwithout (?:any )?(?:rules|restrictions|filters)\b|\b(?:assistant|ai|model)\s*[:,]\s*(?:you must|please|now|say|tell|reply|send|write)\b|\byou must (?:say|tell|reply|answer|recommend|send|write)\b|\binstead of answering\b/i;
const QUOTED =
  /["“'‘]([^"”'’\n]{3,200})["”'’]|\b(https?:\/\/\S+)|\b(?:say|write|reply|answer|print)(?: with| exactly| only)?:? ([A-Z][A-Z\d !]{2,40})\b/g;

/** What an attack wants. */
export interface Wanted {
  /** The sentences that hold it, and what follows them. */
  text: string;
  /** What is to be said word for word, and addresses to be sent people to. */
  quotes: string[];
}

/** An attack on the assistant, by expressions that attacks are known for; undefined where there is none. */
export function wantedBy(text: string): Wanted | undefined {
  const sentences = splitSentences(text);
  const first = sentences.findIndex((sentence) => ATTACK.test(sentence));
  if (first < 0) return undefined;
  const attack = sentences.slice(first, first + 3).join(" ");
  const quotes = [...attack.matchAll(QUOTED)].flatMap(([, quoted, address, shouted]) =>
    [quoted, address?.replace(/[.,;)]+$/, ""), shouted?.trim()].filter((found) => found !== undefined),
  );
  return { text: attack.replace(ATTACK, " "), quotes };
}
