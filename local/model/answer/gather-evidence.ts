import type { Prompt, PromptDocument } from "../prompt/read-prompt.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { coverage, terms } from "../text/words.ts";
import { aspectsOf } from "./aspects.ts";
import type { Aspect } from "./aspects.ts";
import { findEvidence } from "./find-evidence.ts";
import type { Evidence } from "./find-evidence.ts";
import { sayFact, sayPrice, withPrice } from "./say-fact.ts";

/** A sentence ready to be said, and the document it comes from. */
export interface SourcedSentence {
  text: string;
  source: PromptDocument | undefined;
}

const AMOUNT = /[$€£]\s?\d/;
const NAMED_AT_MOST = 3;

/**
 * What the documents say to the question: the best fact for each aspect asked of each document named, or the best
 * fact of all where none is named. Several documents named and no aspect: what each of them is. Empty where the
 * documents do not hold the answer.
 */
export async function gatherEvidence(
  prompt: Prompt,
  named: PromptDocument[],
  encoder: SentenceEncoder,
): Promise<SourcedSentence[]> {
  const aspects = aspectsOf(prompt.question);
  const scopes =
    named.length > 0 ? named.slice(0, NAMED_AT_MOST).map((document) => [document]) : [prompt.documents];
  const pages = prompt.documents.filter(({ price }) => price === undefined);
  const sentences: SourcedSentence[] = [];
  const gather = ({ fact, document }: Evidence): void => {
    const text = sayFact(fact, document);
    if (!sentences.some((sentence) => sentence.text === text)) sentences.push({ text, source: document });
  };
  const givenTerms = terms(`price ${named.map(({ name }) => name).join(" ")}`);
  const beyondPrice = new Set([...terms(prompt.question)].filter((term) => !givenTerms.has(term)));
  const statesSpecialPrice = ({ fact, document }: Evidence): boolean =>
    AMOUNT.test(fact) &&
    beyondPrice.size > 0 &&
    coverage(beyondPrice, terms(`${document.name} ${fact}`)) >= 0.5;
  const find = (documents: PromptDocument[], aspect: Aspect | undefined): Promise<Evidence[]> =>
    findEvidence({ prompt, documents, named, aspect }, encoder);

  for (const documents of scopes) {
    for (const aspect of aspects.length > 0 ? aspects : [undefined]) {
      const found = await find(documents, aspect);
      const best = aspects.length > 1 ? found.find(({ fact }) => aspect?.told.test(fact)) : found[0];
      const product = aspect?.name === "price" && named.length > 0 ? documents[0] : undefined;
      // "What do new soles for my boots cost?": the price of a part or of a service goes before the product's own.
      const special = product?.price
        ? [...found, ...(await find(pages, aspect))].find(statesSpecialPrice)
        : best;
      if (special) gather(special);
      else if (product?.price) sentences.push({ text: sayPrice(product), source: product });
    }
  }
  if (sentences.length > 0 || named.length === 0) return sentences;
  if (named.length > 1 && aspects.length === 0) return named.map(introduce);
  // What is named does not tell: a page about something else may, such as a policy.
  for (const evidence of (await find(pages, aspects[0])).slice(0, 1)) gather(evidence);
  return sentences;
}

function introduce(document: PromptDocument): SourcedSentence {
  return { text: withPrice(sayFact(document.facts[0] ?? "", document), document), source: document };
}
