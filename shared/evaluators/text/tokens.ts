/** A word, with the apostrophes, points, commas and hyphens inside it, or one other character that is no space. */
const TOKEN = /[\p{L}\p{N}]+(?:['’.,-][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu;

/** The words and punctuation marks of a text, as n-gram metrics count them. */
export function tokensOf(text: string): string[] {
  return text.normalize("NFKC").match(TOKEN) ?? [];
}
