import type { Prompt, PromptDocument } from "../prompt/read-prompt.ts";
import { cosine } from "../text/cosine.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { namesIn } from "../text/facts.ts";
import { terms } from "../text/words.ts";
import type { Aspect } from "./aspects.ts";

/** What to look for, and where. */
export interface EvidenceQuery {
  prompt: Prompt;
  documents: PromptDocument[];
  /** Documents that the question names: their names say nothing about what is asked of them. */
  named: PromptDocument[];
  aspect: Aspect | undefined;
}

/** One fact of one document, and how well it answers, about 0 to 1.3. */
export interface Evidence {
  document: PromptDocument;
  fact: string;
  score: number;
}

const WORDS = 0.6;
const MEANING = 0.35;
const ASPECT = 0.35;
/** Below this a fact is about something else. Found by looking at what a shop's questions score. */
const ANSWERS = 0.5;
/** A lead that embeddings cannot overturn: they are then not asked for, as each costs 20 ms. */
const DECISIVE = 0.3;
const COMPARED_BY_MEANING = 4;

/**
 * The facts that answer the prompt's question, best first, by three things: the share of the question's rare words
 * that the fact (or its document's name) holds, whether it tells the aspect that is asked, and, where these leave it
 * open, the cosine of their embeddings. Empty where nothing does.
 */
export async function findEvidence(query: EvidenceQuery, encoder: SentenceEncoder): Promise<Evidence[]> {
  const { prompt, documents, named, aspect } = query;
  const { question } = prompt;
  const given = terms([prompt.organisation ?? "", ...named.map(({ name }) => name)].join(" "));
  const wanted = [...terms(question)].filter((term) => !given.has(term));
  const rarity = rarityIn(prompt.documents);
  const emphasised = terms([...namesIn(question)].join(" "));
  const weight = (term: string): number => rarity(term) * (emphasised.has(term) ? 2 : 1);
  const total = wanted.reduce((sum, term) => sum + weight(term), 0) || 1;

  const ranked = documents
    .flatMap((document) => {
      const nameTerms = terms(document.name);
      return document.facts.map((fact): Evidence => {
        const factTerms = terms(fact);
        const held = wanted.reduce((sum, term) => {
          if (factTerms.has(term)) return sum + weight(term);
          return nameTerms.has(term) ? sum + weight(term) * 0.7 : sum;
        }, 0);
        return { document, fact, score: (WORDS * held) / total + (aspect?.told.test(fact) ? ASPECT : 0) };
      });
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const [first, second] = ranked;
  if (!first) return [];
  // A document that is named and tells the aspect asked answers, however the question is worded.
  const tells = named.length > 0 && aspect?.told.test(first.fact) === true;
  const leads = first.score - (second?.score ?? 0) >= DECISIVE;
  if (leads && (tells || first.score >= ANSWERS)) return [first];

  const compared = ranked.slice(0, COMPARED_BY_MEANING);
  const [asked, ...told] = await Promise.all(
    [question, ...compared.map(({ fact }) => fact)].map((text) => encoder.sentence(text)),
  );
  for (const [index, evidence] of compared.entries()) {
    evidence.score += MEANING * Math.max(0, cosine(asked!, told[index]!));
  }
  const least = tells ? ASPECT : ANSWERS;
  return compared.filter(({ score }) => score >= least).sort((a, b) => b.score - a.score);
}

/** Inverse document frequency over the prompt's facts: what every fact says tells none apart. */
function rarityIn(documents: PromptDocument[]): (term: string) => number {
  const counts = new Map<string, number>();
  let facts = 1;
  for (const document of documents) {
    for (const fact of document.facts) {
      facts += 1;
      for (const term of terms(fact)) counts.set(term, (counts.get(term) ?? 0) + 1);
    }
  }
  return (term) => Math.log(1 + facts / (1 + (counts.get(term) ?? 0)));
}
