/** Which side of the pairs a text's words are on: `first` where only first words of pairs stand in it. */
export type Side = "first" | "second" | "both" | "none";

export interface WordSwap {
  /** The text with each word of a pair in its partner's place, in the case it was written in. */
  swap(text: string): string;
  sideOf(text: string): Side;
}

/**
 * Swaps whole words, in one pass and in both directions, so that none is swapped back. A word that stands in several
 * pairs becomes what the first of them says. Names that are longer are taken before those they begin with.
 */
export function wordSwap(pairs: readonly (readonly [string, string])[]): WordSwap {
  const partners = new Map<string, { word: string; side: "first" | "second" }>();
  const add = (word: string, partner: string, side: "first" | "second"): void => {
    if (!partners.has(word.toLowerCase())) partners.set(word.toLowerCase(), { word: partner, side });
  };
  for (const [first, second] of pairs) {
    add(first, second, "first");
    add(second, first, "second");
  }
  const declared = new Set(pairs.flat());
  const words = [...partners.keys()]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${words.join("|")})(?![\p{L}\p{N}_])`, "giu");
  return {
    swap: (text) =>
      text.replace(pattern, (found) => {
        const partner = partners.get(found.toLowerCase())?.word ?? found;
        return declared.has(found) ? partner : inCaseOf(found, partner);
      }),
    sideOf(text) {
      const sides = new Set(
        [...text.matchAll(pattern)].map(([found]) => partners.get(found.toLowerCase())?.side),
      );
      if (sides.size > 1) return "both";
      return [...sides][0] ?? "none";
    },
  };
}

/** HE becomes SHE and He becomes She, where he and she are declared. */
function inCaseOf(found: string, partner: string): string {
  const isLetters = found.toUpperCase() !== found.toLowerCase();
  if (isLetters && found.length > 1 && found === found.toUpperCase()) return partner.toUpperCase();
  if (found === found.toLowerCase()) return partner.toLowerCase();
  const [first = "", ...rest] = partner;
  return first.toUpperCase() + rest.join("");
}
