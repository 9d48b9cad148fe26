import type { PromptDocument } from "../prompt/read-prompt.ts";

const PRONOUN = /^(?:It|They|This \w+|These \w+|The (?:pair|item|product|whole set))\b/;

/** A document's fact as a sentence that stands on its own: "It weighs 2 kg." names what weighs 2 kg. */
export function sayFact(fact: string, document: PromptDocument): string {
  const field = /^([A-Za-z]\w*):\s*(.+)$/.exec(fact);
  const sentence = field
    ? `The ${field[1]!.toLowerCase()} of ${subjectOf(document, false)} is ${field[2]}`
    : fact;
  const subject = subjectOf(document, true);
  const whole = nameTheNoun(subject ? sentence.replace(PRONOUN, subject) : sentence, document);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** "a wall divides the tent" becomes "a wall divides the Ridgeline Tent", where the name stands nowhere yet. */
function nameTheNoun(sentence: string, { name, price }: PromptDocument): string {
  const noun = name.split(" ").at(-1)?.toLowerCase() ?? "";
  if (!price || noun.length < 3 || sentence.includes(name)) return sentence;
  return sentence.replace(new RegExp(String.raw`\bthe ${noun}\b`, "u"), `the ${name}`);
}

/** "The Ridgeline Tent costs $289." */
export function sayPrice(document: PromptDocument): string {
  return `${subjectOf(document, true)} ${isPlural(document.name) ? "cost" : "costs"} ${document.price}.`;
}

/** Puts the price behind the first mention of the name: "The Ridgeline Tent for $289 is ...". */
export function withPrice(sentence: string, document: PromptDocument): string {
  if (!document.price || sentence.includes(document.price)) return sentence;
  if (sentence.includes(document.name))
    return sentence.replace(document.name, `${document.name} for ${document.price}`);
  return `${sentence} ${sayPrice(document)}`;
}

/** Products are spoken of with an article, titles of pages as they are. */
function subjectOf(document: PromptDocument, opens: boolean): string {
  if (!document.name) return opens ? "" : "it";
  return document.price && !/^the\b/i.test(document.name)
    ? `${opens ? "The" : "the"} ${document.name}`
    : document.name;
}

function isPlural(name: string): boolean {
  return /[^s]s$/.test(name);
}
