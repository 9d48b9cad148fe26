import { retrievalMetric } from "./retrieval/retrieval-metric.ts";

export const holes = retrievalMetric({
  name: "holes",
  help: "The share of the first k documents found whose relevance nobody has judged: what the others cannot see. Nothing found is 0: recall tells that.",
  source: "Azure AI Evaluation, DocumentRetrievalEvaluator",
  direction: "lower",
  score: ({ found, grades }) =>
    found.length === 0 ? 0 : found.filter((id) => !grades.has(id)).length / found.length,
});
