/**
 * The indices of the `top` vectors nearest to the query, best first: exact, by the dot product, which is the cosine as
 * all have length 1. Of equals the earlier one comes first.
 */
export function nearestVectors(query: Float32Array, vectors: Float32Array[], top: number): number[] {
  const best: { index: number; score: number }[] = [];
  for (const [index, vector] of vectors.entries()) {
    const score = dot(query, vector);
    const last = best.at(-1);
    if (best.length === top && last !== undefined && score <= last.score) continue;
    const place = best.findIndex((other) => score > other.score);
    best.splice(place < 0 ? best.length : place, 0, { index, score });
    if (best.length > top) best.pop();
  }
  return best.map(({ index }) => index);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
