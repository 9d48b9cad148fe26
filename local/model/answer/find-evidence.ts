import type { Prompt, PromptDocument } from "../prompt/read-prompt.ts";
import { cosine } from "../text/cosine.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { terms } from "../text/words.ts";
import type { Aspect } from "./aspects.ts";

/** One fact of one document, and how well it answers, about 0 to 1.5. */
export interface Evidence {
  document: PromptDocument;
  fact: string;
  score: number;
}

/** Facts whose vectors are compared: embedding costs 20 ms, so only those that words already favour. */
const COMPARED_BY_MEANING = 6;
const WORDS = 0.6;
const MEANING = 0.35;
const ASPECT = 0.35;
/** Below this a fact is about something else. Found by looking at what a shop's questions score. */
const ANSWERS = 0.5;

/**
 * The facts of `documents` that answer the question, best first, by three things: the share of the question's rare
 * words that the fact (or its document's name) holds, the cosine of their embeddings, and whether the fact tells
 * the aspect that is asked. Empty where nothing does.
 */
export async function findEvidence(
  question: string,
  documents: PromptDocument[],
  aspect: Aspect | undefined,
  prompt: Prompt,
  encoder: SentenceEncoder,
): Promise<Evidence[]> {
  const named = terms(documents.length === 1 ? documents[0]!.name : "");
  const organisation = terms(prompt.organisation ?? "");
  const wanted = [...terms(question)].filter((term) => !named.has(term) && !organisation.has(term));
  const rarity = rarityIn(prompt.documents);
  const total = wanted.reduce((sum, term) => sum + rarity(term), 0);

  const ranked = documents
    .flatMap((document) => {
      const nameTerms = terms(document.name);
      return document.facts.map((fact) => {
        const factTerms = terms(fact);
        const held = wanted.reduce((sum, term) => {
          if (factTerms.has(term)) return sum + rarity(term);
          return nameTerms.has(term) ? sum + rarity(term) * 0.7 : sum;
        }, 0);
        const tells = aspect?.told.test(fact) ? ASPECT : 0;
        return { document, fact, score: (total === 0 ? 0 : (WORDS * held) / total) + tells };
      });
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, COMPARED_BY_MEANING);
  if (ranked.length === 0) return [];

  const asked = await encoder.sentence(question);
  for (const evidence of ranked) {
    evidence.score += MEANING * Math.max(0, cosine(asked, await encoder.sentence(evidence.fact)));
  }
  return ranked.filter(({ score }) => score >= ANSWERS).sort((a, b) => b.score - a.score);
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
