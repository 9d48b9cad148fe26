/** Strips the commonest English endings, alike in both texts compared; it need not give a dictionary's word. */
export function stem(word: string): string {
  if (word.length < 4 || /^\d/.test(word)) return word;
  const singular = word
    .replace(/(ss|x|ch|sh)es$/, "$1")
    .replace(/ies$/, "y")
    .replace(/([^su])s$/, "$1");
  const base = singular
    .replace(/(?<=[a-z]{3})(?:ing|ed)$/, "")
    .replace(/(?<=[a-z]{3})ly$/, "")
    .replace(/([bdglmnprt])\1$/, "$1");
  return base.length > 3 ? base.replace(/[ey]$/, "") : base;
}
