import type { Ranked } from "./keyword-index.ts";

/** Keeps the first places of one list from deciding alone; the value of the paper. */
const K = 60;

/**
 * Reciprocal rank fusion: a record's score is the sum of `1 / (60 + rank)` over the lists that hold it, ranks from 1
 * (G. Cormack, C. Clarke, S. Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
 * Methods", 2009). Best first; of equals the one that stands earlier in the first list comes first.
 */
export function fuseRanks(lists: readonly (readonly Ranked[])[]): Ranked[] {
  const scores = new Map<number, number>();
  for (const list of lists) {
    for (const [place, { index }] of list.entries()) {
      scores.set(index, (scores.get(index) ?? 0) + 1 / (K + place + 1));
    }
  }
  return [...scores].map(([index, score]) => ({ index, score })).sort((a, b) => b.score - a.score);
}
