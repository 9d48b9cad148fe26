/** A sentence as it continues another: its first letter small, unless it opens with a name or a code. */
export function lowerFirst(sentence: string): string {
  const opensWithName = /^(?:I\b|\p{Lu}[\p{L}'’-]*\s+\p{Lu}|\p{Lu}{2}|\P{L})/u.test(sentence);
  const opensWithArticle = /^(?:The|A|An|One|Our|Your|Order)\b/.test(sentence);
  return opensWithName && !opensWithArticle
    ? sentence
    : sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}
