import type { Prompt, PromptDocument } from "../prompt/read-prompt.ts";
import { coverage, terms } from "../text/words.ts";
import { OWN } from "./answer-order.ts";

const REFERS_BACK = /\b(?:it|its|it's|they|them|their|that one|this one|the same)\b/i;

/**
 * The documents that the question names, or what it means by "my tent", or by "it" where the conversation named one. A
 * document is named by a word of its name that no other document's name has ("Ridgeline"), or by most of its name.
 */
export function namedDocuments(prompt: Prompt): PromptDocument[] {
  const products = prompt.documents.filter(({ price }) => price !== undefined);
  const candidates = products.length > 0 ? products : prompt.documents;
  const named = namedIn(prompt.question, candidates);
  if (named.length > 0) return named;
  const asked = terms(prompt.question);
  const orders = OWN.test(prompt.question) ? (prompt.customer?.orders ?? []) : [];
  const bought = orders.find(({ product }) => coverage(terms(product), asked) > 0);
  const owned = candidates.filter(({ name }) => name !== "" && name === bought?.product);
  if (owned.length > 0 || !REFERS_BACK.test(prompt.question)) return owned;
  for (const { text } of prompt.history.toReversed()) {
    const before = namedIn(text, candidates);
    if (before.length > 0) return before.slice(0, 1);
  }
  return [];
}

function namedIn(text: string, documents: PromptDocument[]): PromptDocument[] {
  const present = terms(text);
  const shared = new Map<string, number>();
  for (const { name } of documents)
    for (const term of terms(name)) shared.set(term, (shared.get(term) ?? 0) + 1);
  const held = documents.map((document) => {
    const name = [...terms(document.name)];
    const hits = name.filter((term) => present.has(term));
    const own = hits.some((term) => shared.get(term) === 1 && isProper(document.name, text, term));
    return { document, share: name.length === 0 ? 0 : hits.length / name.length, own };
  });
  const whole = held.filter(({ share }) => share === 1);
  const named = whole.length > 0 ? whole : held.filter(({ share, own }) => own && share >= 0.5);
  return named.sort((a, b) => b.share - a.share).map(({ document }) => document);
}

/** Whether the term stands in the text as a name does: capitalised, and so not a common word by chance. */
function isProper(name: string, text: string, term: string): boolean {
  return name
    .split(/[\s-]+/)
    .some(
      (word) =>
        terms(word).has(term) &&
        new RegExp(String.raw`\b${word.replaceAll(/[^\p{L}\d]/gu, ".")}\b`, "u").test(text),
    );
}
