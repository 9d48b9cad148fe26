import { meaningOf } from "./synonyms.ts";

const STOP_WORDS = new Set(
  `a about after again all also am an and any are as at be been being both but by can could did do does doing down
  for from further get gets got had has have having he her here hers him his how i if in into is it its itself just
  let like me more most much my myself no nor not now of off on once one only or other our ours out over own please
  same she should so some such than that the their theirs them then there these they this those through to too under
  until up us very was we were what when where which while who whom whose why will with would you your yours s t re
  ve ll d m hi hello hey thanks thank want need know put tell give show find make really well okay ok something anything already still yet`
    .trim()
    .split(/\s+/),
);

/** Lower-case words and numbers in order: "Ridgeline 2 weighs 2.1 kg" gives ridgeline, 2, weighs, 2.1, kg. */
export function words(text: string): string[] {
  return (
    text
      // "unitPrice" is two words.
      .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/\d+(?:[.,]\d+)*|\p{L}+(?:'\p{L}+)?/gu) ?? []
  );
}

/** The distinct terms of a text that carry meaning: words without stop words, stemmed, synonyms made one. */
export function terms(text: string): Set<string> {
  const found = new Set<string>();
  for (const word of words(text)) {
    const plain = word.replace(/'s$|'$/, "");
    if (!STOP_WORDS.has(plain)) found.add(meaningOf(plain));
  }
  return found;
}

/** The share of `wanted` that `present` holds, 0 to 1; 1 where nothing is wanted. */
export function coverage(wanted: ReadonlySet<string>, present: ReadonlySet<string>): number {
  if (wanted.size === 0) return 1;
  let hits = 0;
  for (const term of wanted) if (present.has(term)) hits += 1;
  return hits / wanted.size;
}
