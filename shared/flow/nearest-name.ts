import { editDistance } from "./edit-distance.ts";

/** Words that one author's files use where another's use the other. */
const SYNONYMS = [
  ["history", "chathistory", "conversation"],
  ["question", "query", "userinput"],
  ["answer", "response"],
  ["groundtruth", "expected", "expectedanswer"],
  ["documents", "context"],
];
/** How different these are, beside names that differ in a share of their letters: at most a third. */
const PLURAL = 0.01;
const CONTAINED = 0.5;
const SYNONYM = 0.6;

/** Below these lengths another letter most often makes another word. */
const SHORT = 4;
const SHORTEST_CONTAINED = 4;
const MOST_LETTERS = 200;

/**
 * The known name that is plausibly meant by one that is not known: the same but for case, `_`, `-` or a plural; at
 * most a third of its letters away; the same word with another before it, as `history` and `chat_history`; or a
 * synonym. Of several the most alike. `most` is how different it may be, from 0, the same letters, to 1: a share of
 * the letters up to a third, then words that differ.
 */
export function nearestName(name: string, known: Iterable<string>, most = 1): string | undefined {
  let best: { name: string; difference: number } | undefined;
  for (const candidate of known) {
    const difference = differenceOf(name.slice(0, MOST_LETTERS), candidate.slice(0, MOST_LETTERS));
    if (difference === undefined || difference > most) continue;
    if (best === undefined || difference < best.difference) best = { name: candidate, difference };
  }
  return best?.name;
}

/** "Did you mean x? Known: ..." as a remedy. */
export function suggestion(name: string, known: readonly string[], what: string): string {
  const nearest = nearestName(name, known);
  const shown = known.slice(0, 20).join(", ");
  const list = known.length === 0 ? `There are no ${what}.` : `Known ${what}: ${shown}.`;
  return nearest === undefined ? list : `Did you mean ${nearest}? ${list}`;
}

/** From 0, the same, to 1; undefined for two that are not the same word. */
function differenceOf(written: string, candidate: string): number | undefined {
  const [one, other] = withoutSharedPath(written, candidate);
  const [a, b] = [letters(one), letters(other)];
  if (a === b) return 0;
  const [root, otherRoot] = [singular(a), singular(b)];
  if (root === otherRoot) return PLURAL;
  const longest = Math.max(a.length, b.length);
  const most = Math.floor(longest / 3);
  // In short names a letter that differs, or another beginning, makes another word: top and tip, top and stop.
  const distinct = longest <= SHORT && (a[0] !== b[0] || (longest < SHORT && a.length === b.length));
  const distance = distinct && !isSwap(a, b) ? undefined : editDistance(root, otherRoot, Math.max(1, most));
  if (distance !== undefined && distance <= most) return distance / longest;
  // Asked of the letters first, because there are many names and few of them hold others.
  if (b.includes(root) && isContained(one, other)) return CONTAINED;
  if (a.includes(otherRoot) && isContained(other, one)) return CONTAINED;
  return SYNONYMS.some((words) => words.includes(a) && words.includes(b)) ? SYNONYM : undefined;
}

/** Two paths without the folder and the ending they share, which would make all files of a folder alike. */
function withoutSharedPath(a: string, b: string): [string, string] {
  const folder = a.slice(0, a.lastIndexOf("/") + 1);
  const [one, other] = b.startsWith(folder) ? [a.slice(folder.length), b.slice(folder.length)] : [a, b];
  const ending = /\.\w+$/.exec(one)?.[0] ?? "";
  return ending !== "" && other.endsWith(ending) && one !== ending && other !== ending
    ? [one.slice(0, -ending.length), other.slice(0, -ending.length)]
    : [one, other];
}

function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, "");
}

function singular(word: string): string {
  if (word.length < SHORT) return word;
  return word.replace(/ies$/, "y").replace(/(?<=[sxz]|[cs]h)es$|(?<=[^su])s$/, "");
}

function isSwap(a: string, b: string): boolean {
  const sorted = (word: string): string => word.split("").sort().join("");
  return sorted(a) === sorted(b);
}

/** Whether a name is the last words of another, as `history` of `chat_history` and `chatHistory`. */
function isContained(name: string, longer: string): boolean {
  const [word, words] = [wordsOf(name), wordsOf(longer)];
  if (word.join("").length < SHORTEST_CONTAINED || word.length >= words.length) return false;
  return singular(word.join("_")) === singular(words.slice(-word.length).join("_"));
}

function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter((word) => word !== "");
}
