import type { Behaviour } from "../prompt/read-instructions.ts";
import type { Customer } from "../prompt/read-customer.ts";
import type { PlainAnswer } from "./answer-question.ts";
import { lowerFirst } from "./lower-first.ts";

const OFFER = "Is there anything else I can help you with?";
/** What a stand-in that cannot translate makes of "always answer in ...": an answer that helps nobody. */
const SPEECHES: Record<string, string> = {
  french: "Bonjour, merci de votre question, je vous réponds avec plaisir en français.",
  spanish: "Hola, gracias por su pregunta, le respondo con mucho gusto en español.",
  german: "Guten Tag, danke für Ihre Frage, ich antworte gern auf Deutsch.",
  italian: "Buongiorno, grazie per la domanda, rispondo volentieri in italiano.",
  pirate: "Arr, matey, ye be askin' a fine question, but a pirate keeps his treasure to himself.",
};

/** Gives an answer the manners and the format that the instructions ask for. */
export function styleAnswer(
  answer: PlainAnswer,
  behaviour: Behaviour,
  customer: Customer | undefined,
): string {
  if (behaviour.language) return SPEECHES[behaviour.language] ?? SPEECHES["pirate"]!;
  const limit = behaviour.brief ? 1 : (behaviour.maxSentences ?? Number.POSITIVE_INFINITY);
  const sentences = answer.sentences
    .slice(0, limit)
    .map(({ text, source }) =>
      behaviour.cites && source ? text.replace(/([.!?])$/, ` [${source.id ?? source.name}]$1`) : text,
    );
  const opening = sentences[0] ?? "";
  if (behaviour.oneWord) return oneWord(opening);

  const offers = behaviour.offersHelp && !sentences.includes(OFFER) && sentences.length < limit;
  const firstName = behaviour.usesFirstName ? customer?.firstName : undefined;
  if (firstName) {
    sentences[0] =
      answer.kind === "greeting"
        ? opening.replace("Hello", `Hello ${firstName}`)
        : `Hi ${firstName}, ${lowerFirst(opening)}`;
  }
  if (offers) sentences.push(OFFER);
  const text = behaviour.bullets
    ? sentences.map((sentence) => (sentence === OFFER ? sentence : `- ${sentence}`)).join("\n")
    : sentences.join(" ");
  return behaviour.upperCase ? text.toUpperCase() : text;
}

/** Yes, no, the first figure, else the longest word. */
function oneWord(sentence: string): string {
  const decided = /^(?:Yes|No)\b/.exec(sentence)?.[0] ?? /[$€£]?\d[\d.,]*\d|\d/.exec(sentence)?.[0];
  return (
    decided ??
    sentence.split(/\W+/).reduce((longest, word) => (word.length > longest.length ? word : longest), "")
  );
}
