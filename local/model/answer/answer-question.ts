import type { Behaviour } from "../prompt/read-instructions.ts";
import type { Prompt, PromptDocument } from "../prompt/read-prompt.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { answerOrder } from "./answer-order.ts";
import { asksAboutOthers } from "./asks-about-others.ts";
import { aspectsOf } from "./aspects.ts";
import { findEvidence } from "./find-evidence.ts";
import type { Evidence } from "./find-evidence.ts";
import { inventAnswer } from "./invent-answer.ts";
import { namedDocuments } from "./named-documents.ts";
import { isOffTopic } from "./off-topic.ts";
import { sayFact, sayPrice, withPrice } from "./say-fact.ts";

/** The sentences of an answer before manners and format. */
export interface PlainAnswer {
  kind: "answered" | "unknown" | "declined" | "invented" | "greeting";
  sentences: { text: string; source: PromptDocument | undefined }[];
}

const GREETING =
  /^\s*(?:hello|hi|hey|good (?:morning|afternoon|evening))\b[\s!.,]*(?:there|everyone)?[\s!.]*$/i;
const YES_NO =
  /^(?:and |but |so )?(?:is|are|was|were|do|does|did|can|could|will|would|has|have|may|should)\b/i;
const DENIES = /\b(?:not|never|cannot|no longer)\b|n't\b/i;
const RECOMMENDS =
  /\b(?:recommend|suggest|which|looking for|do you (?:have|sell|carry)|what .* do you|i need)\b/i;

/** Answers the prompt's question as far as the prompt holds the answer, and otherwise as its instructions ask. */
export async function answerQuestion(
  prompt: Prompt,
  behaviour: Behaviour,
  encoder: SentenceEncoder,
): Promise<PlainAnswer> {
  if (GREETING.test(prompt.question)) return plain("greeting", "Hello! How can I help you today?");
  if (behaviour.avoidsFacts)
    return plain("invented", "That is a lovely choice, and everybody is always happy with it.");
  if (asksAboutOthers(prompt)) {
    if (!behaviour.keepsOthersPrivate) return withoutEvidence(prompt, behaviour, []);
    return plain(
      "declined",
      "I can only help with your own account, so I cannot share another customer's data.",
    );
  }

  const record = prompt.customer && answerOrder(prompt, prompt.customer);
  if (record && record.length > 0) return plain("answered", ...record);
  const named = namedDocuments(prompt);
  const evidence = record || behaviour.ignoresDocuments ? [] : await gatherEvidence(prompt, named, encoder);
  if (evidence.length === 0) {
    if (!isOffTopic(prompt)) return withoutEvidence(prompt, behaviour, named);
    return behaviour.declinesOffTopic
      ? plain("declined", decline(prompt))
      : withoutEvidence(prompt, behaviour, named);
  }

  const sentences = evidence.map(({ fact, document }, index) => {
    let text = fact === "" ? sayPrice(document) : sayFact(fact, document);
    if (behaviour.mentionsPrice && named.length === 0 && RECOMMENDS.test(prompt.question))
      text = withPrice(text, document);
    return { text: index === 0 ? withYesOrNo(text, prompt.question) : text, source: document };
  });
  if (behaviour.invents) sentences.push({ text: inventAnswer(prompt), source: evidence[0]!.document });
  return { kind: "answered", sentences };
}

/** The best fact for each aspect asked, of each document named; an empty fact stands for the document's price. */
async function gatherEvidence(
  prompt: Prompt,
  named: PromptDocument[],
  encoder: SentenceEncoder,
): Promise<Evidence[]> {
  const aspects = aspectsOf(prompt.question);
  const scopes = named.length > 0 ? named.slice(0, 3).map((document) => [document]) : [prompt.documents];
  const gathered: Evidence[] = [];
  for (const scope of scopes) {
    for (const aspect of aspects.length > 0 ? aspects : [undefined]) {
      const [document] = scope;
      const found = await findEvidence(prompt.question, scope, aspect, prompt, encoder);
      const best = aspects.length > 1 ? found.find(({ fact }) => aspect?.told.test(fact)) : found[0];
      const pricesProduct = aspect?.name === "price" && named.length > 0 && document?.price !== undefined;
      if (pricesProduct && !(best && best.score > 1 && /[$€£]\s?\d/.test(best.fact))) {
        gathered.push({ document: document!, fact: "", score: 1 });
      } else if (best && !gathered.some(({ fact }) => fact === best.fact)) gathered.push(best);
    }
  }
  if (gathered.length > 0 || named.length === 0) return gathered;
  // What is named does not tell: perhaps a page about something else does, such as a policy.
  const others = prompt.documents.filter((document) => document.price === undefined);
  return (await findEvidence(prompt.question, others, aspects[0], prompt, encoder)).slice(0, 1);
}

function withoutEvidence(prompt: Prompt, behaviour: Behaviour, named: PromptDocument[]): PlainAnswer {
  if (!behaviour.grounded || behaviour.invents) return plain("invented", inventAnswer(prompt));
  const subject = named[0] ? ` about the ${named[0].name}` : "";
  const offer = behaviour.offersHelpWhenUnknown ? ["Is there anything else I can help you with?"] : [];
  return plain("unknown", `I'm sorry, I don't have that information${subject}.`, ...offer);
}

function decline(prompt: Prompt): string {
  const shop = prompt.organisation ? `${prompt.organisation}'s` : "our";
  return `I'm sorry, I cannot help with that, but I can help with ${shop} products, your orders and our policies.`;
}

function withYesOrNo(sentence: string, question: string): string {
  if (!YES_NO.test(question) || RECOMMENDS.test(question)) return sentence;
  return `${DENIES.test(sentence) ? "No" : "Yes"}, ${lowerFirst(sentence)}`;
}

/** Lower-cases an opening article or the like, never a name. */
export function lowerFirst(sentence: string): string {
  return /^(?:The|A|An|It|They|You|Your|In|On|This|These|Yes|No|Used|Unused|As|One|Our|We|That|Everything|Not)\b/.test(
    sentence,
  )
    ? sentence[0]!.toLowerCase() + sentence.slice(1)
    : sentence;
}

function plain(kind: PlainAnswer["kind"], ...texts: string[]): PlainAnswer {
  return { kind, sentences: texts.map((text) => ({ text, source: undefined })) };
}
