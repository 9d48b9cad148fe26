import type { Behaviour } from "../prompt/read-instructions.ts";
import type { Prompt, PromptDocument } from "../prompt/read-prompt.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { answerOrder } from "./answer-order.ts";
import { asksAboutOthers } from "./asks-about-others.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import type { SourcedSentence } from "./gather-evidence.ts";
import { inventAnswer } from "./invent-answer.ts";
import { lowerFirst } from "./lower-first.ts";
import { namedDocuments } from "./named-documents.ts";
import { isOffTopic } from "./off-topic.ts";
import { withPrice } from "./say-fact.ts";

/** The sentences of an answer before manners and format. */
export interface PlainAnswer {
  kind: "answered" | "unknown" | "declined" | "invented" | "greeting";
  sentences: SourcedSentence[];
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

  const priced = behaviour.mentionsPrice && named.length === 0 && RECOMMENDS.test(prompt.question);
  const sentences = evidence.map(({ text, source }, index) => {
    const said = priced && source ? withPrice(text, source) : text;
    return { text: index === 0 ? withYesOrNo(said, prompt.question) : said, source };
  });
  if (behaviour.invents) sentences.push({ text: inventAnswer(prompt), source: undefined });
  return { kind: "answered", sentences };
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

function plain(kind: PlainAnswer["kind"], ...texts: string[]): PlainAnswer {
  return { kind, sentences: texts.map((text) => ({ text, source: undefined })) };
}
