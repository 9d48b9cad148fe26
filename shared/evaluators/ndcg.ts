import { retrievalMetric, type Ranking } from "./retrieval/retrieval-metric.ts";

export const ndcg = retrievalMetric({
  name: "ndcg",
  help: "How well the documents found are ordered by relevance, against the best order there is (nDCG at k).",
  source: "Azure AI Evaluation, DocumentRetrievalEvaluator; Järvelin and Kekäläinen 2002",
  direction: "higher",
  score: normalisedGain,
});

/**
 * Normalised discounted cumulative gain at k (Järvelin and Kekäläinen 2002): grade / log2(rank + 1), summed, over the
 * same sum of the best order. Undefined where nothing is relevant.
 */
function normalisedGain({ found, grades, k }: Ranking): number | undefined {
  const best = [...grades.values()].sort((a, b) => b - a).slice(0, k);
  const ideal = gain(best);
  return ideal === 0 ? undefined : gain(found.map((id) => grades.get(id) ?? 0)) / ideal;
}

function gain(grades: readonly number[]): number {
  return grades.reduce((sum, grade, index) => sum + grade / Math.log2(index + 2), 0);
}
