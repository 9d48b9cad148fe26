import { retrievalMetric } from "./retrieval/retrieval-metric.ts";

export const precision = retrievalMetric({
  name: "precision",
  help: "The share of k places that relevant documents take: finding fewer than k leaves places empty.",
  source: "Manning et al. 2008, chapter 8",
  direction: "higher",
  revision: "2",
  score: ({ found, grades, k }) => found.filter((id) => (grades.get(id) ?? 0) > 0).length / k,
});
