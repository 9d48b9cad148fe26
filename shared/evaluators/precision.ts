import { retrievalMetric } from "./retrieval/retrieval-metric.ts";

export const precision = retrievalMetric({
  name: "precision",
  help: "The share of the first k documents found that are relevant; nothing found is 0.",
  source: "Manning et al. 2008, chapter 8",
  direction: "higher",
  score: ({ found, grades }) =>
    found.length === 0 ? 0 : found.filter((id) => (grades.get(id) ?? 0) > 0).length / found.length,
});
