/** How often each sequence of `length` tokens occurs. */
export function countNgrams(tokens: readonly string[], length: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + length <= tokens.length; start += 1) {
    const ngram = tokens.slice(start, start + length).join("\u0001");
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

/** The size of the intersection of two multisets. */
export function sharedCount(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let shared = 0;
  for (const [item, count] of one) shared += Math.min(count, other.get(item) ?? 0);
  return shared;
}
