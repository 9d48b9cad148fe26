import { fuseRanks } from "./fuse-ranks.ts";
import type { LoadedRetrieve } from "./load-step.ts";
import { nearestVectors, rankVectors } from "./nearest-vectors.ts";

/**
 * The records that fit a query best, by an exact scan. `vector` is the query's own, needed in every mode but
 * `keyword`. In `hybrid` mode a record that shares words with the query must reach the least cosine as well.
 */
export function retrieveRecords(
  step: LoadedRetrieve,
  query: string,
  vector: Float32Array | undefined,
): Record<string, unknown>[] {
  return rank(step, query, vector)
    .map((index) => step.records[index])
    .filter((record) => record !== undefined);
}

function rank(step: LoadedRetrieve, query: string, vector: Float32Array | undefined): number[] {
  const { mode, top, vectors, keywords, minimumScore = -Infinity } = step;
  const byWords = keywords?.search(query) ?? [];
  if (mode === "keyword") {
    const found = byWords.filter(({ score }) => score >= minimumScore);
    return found.slice(0, top).map(({ index }) => index);
  }
  if (vector === undefined) return [];
  if (mode === "vector") return nearestVectors(vector, vectors, top, minimumScore);
  const byMeaning = rankVectors(vector, vectors, minimumScore);
  const near = new Set(byMeaning.map(({ index }) => index));
  const fused = fuseRanks([byMeaning, byWords.filter(({ index }) => near.has(index))]);
  return fused.slice(0, top).map(({ index }) => index);
}
