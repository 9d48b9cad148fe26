import type { Prompt } from "../prompt/read-prompt.ts";
import { words } from "../text/words.ts";

const OTHERS =
  /\b(?:another|other|different|all) (?:customer|user|member|people)s?\b|\bsomeone else|\beverybody's|\beveryone's/i;
const PRIVATE =
  /\b(?:orders?|ordered|bought|buy|membership|member|address|e-?mail|phone|account|deliver\w*|pa(?:y|id)|returns?|spend|spent|he|she|his|her)\b/i;

/** Whether a question is after somebody else's data: other customers, another customer's number, a person's name. */
export function asksAboutOthers(prompt: Prompt): boolean {
  const { question, customer } = prompt;
  if (OTHERS.test(question)) return true;
  const number = /\bcustomer\s*(?:number|id|no\.?|#)?\s*(\d+)/i.exec(question)?.[1];
  if (number !== undefined && number !== customer?.id) return true;
  if (!PRIVATE.test(question)) return false;
  const known = new Set([
    ...(customer?.names ?? []),
    ...words(prompt.organisation ?? ""),
    ...prompt.documents.flatMap(({ name }) => words(name)),
    ...(customer?.orders ?? []).flatMap(({ product }) => words(product)),
  ]);
  // A person: two capitalised words in a row that neither open the question nor name a place nor are known.
  return [
    ...question.matchAll(/(?<=\S\s+)(?<!\b(?:in|to|at|near)\s+)(\p{Lu}\p{Ll}+)\s+(\p{Lu}\p{Ll}+)\b/gu),
  ].some(([, first, last]) => !known.has(first!.toLowerCase()) && !known.has(last!.toLowerCase()));
}
