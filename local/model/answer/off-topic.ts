import type { Prompt } from "../prompt/read-prompt.ts";
import { terms } from "../text/words.ts";

const ELSEWHERE =
  /\b(?:poems?|songs?|jokes?|stor(?:y|ies)|essays?|president\w*|elections?|politic\w*|equations?|math\w*|homework|python|javascript|java|program(?:s|ming)?|code|algorithm|functions?|shares|stocks|invest\w*|crypto\w*|bitcoin|weather|recipes?|translate|movies?|films?|football|soccer|religio\w*|horoscope|capital of|history of|medical|medicine|lawyer)\b/i;
const SHOP =
  /\b(?:orders?|ship\w*|deliver\w*|return\w*|refund\w*|warrant\w*|member\w*|prices?|costs?|sell|stock|store|shop|products?|sizes?|colou?rs?|sale|courier|support|account|gift)\b/i;

/** Whether a question has nothing to do with what the prompt is about; only sure where it is plainly elsewhere. */
export function isOffTopic(prompt: Prompt): boolean {
  if (ELSEWHERE.test(prompt.question)) return true;
  if (SHOP.test(prompt.question)) return false;
  const about = new Set(
    prompt.documents.flatMap(({ name, facts }) => [...terms(`${name} ${facts.join(" ")}`)]),
  );
  const asked = [...terms(`${prompt.question} ${prompt.history.map(({ text }) => text).join(" ")}`)];
  return asked.length > 1 && !asked.some((term) => about.has(term));
}
