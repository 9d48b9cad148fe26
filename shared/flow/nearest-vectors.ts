import type { Ranked } from "./keyword-index.ts";

/**
 * The indices of the `top` vectors nearest to the query, best first: exact, by the dot product, which is the cosine as
 * all have length 1. Of equals the earlier one comes first. Those below `minimum` are left out.
 */
export function nearestVectors(
  query: Float32Array,
  vectors: readonly Float32Array[],
  top: number,
  minimum = -Infinity,
): number[] {
  const best: Ranked[] = [];
  for (const [index, vector] of vectors.entries()) {
    const score = dot(query, vector);
    const last = best.at(-1);
    if (score < minimum || (best.length === top && last !== undefined && score <= last.score)) continue;
    const place = best.findIndex((other) => score > other.score);
    best.splice(place < 0 ? best.length : place, 0, { index, score });
    if (best.length > top) best.pop();
  }
  return best.map(({ index }) => index);
}

/** All vectors whose cosine with the query reaches `minimum`, best first; of equals the earlier one comes first. */
export function rankVectors(
  query: Float32Array,
  vectors: readonly Float32Array[],
  minimum = -Infinity,
): Ranked[] {
  return vectors
    .map((vector, index) => ({ index, score: dot(query, vector) }))
    .filter(({ score }) => score >= minimum)
    .sort((a, b) => b.score - a.score || a.index - b.index);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
