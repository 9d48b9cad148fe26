const NUMBER_WORDS = new Map(
  "zero one two three four five six seven eight nine ten eleven twelve"
    .split(" ")
    .map((word, value) => [word, `${value}`]),
);
/** "one" and "two" are as often pronouns and articles as amounts; as amounts they count only beside a unit. */
const COUNTED =
  /\b(zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[\s-](?=year|month|week|day|hour|person|people|season|litre|liter|sentence|door|pole|pocket)/gi;

/** The numbers a text states, in one form: "$1,289.00" is 1289, "two-year" is 2, and a date gives its parts. */
export function numbersIn(text: string): Set<string> {
  const plain = text.replaceAll(
    COUNTED,
    (whole, word: string) => `${NUMBER_WORDS.get(word.toLowerCase()) ?? whole} `,
  );
  const found = new Set<string>();
  for (const [match] of plain.matchAll(/\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?/g)) {
    found.add(String(Number(match.replaceAll(",", ""))));
  }
  return found;
}

/** Capitalised words that name nobody. */
const NOT_NAMES = new Set(
  `i i'm i'll i'd i've english monday tuesday wednesday thursday friday saturday sunday january february march april may
  june july august september october november december`
    .trim()
    .split(/\s+/),
);

/**
 * The proper names of a text, word by word as written: words with a capital that do not open a sentence, and codes
 * such as P07. A heuristic: a name that opens a sentence is missed, and that is the safe side for a judge.
 */
export function namesIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const match of text.matchAll(/(?<![.!?:•\n]\s*|^\s*|["“[(-]\s*)\b(\p{Lu}[\p{L}\d'’-]*)/gu)) {
    const name = match[1]!.replace(/['’]s$/, "");
    if (name.length > 1 && !NOT_NAMES.has(name.toLowerCase())) found.add(name);
  }
  return found;
}
