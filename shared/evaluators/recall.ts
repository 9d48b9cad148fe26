import { retrievalMetric } from "./retrieval/retrieval-metric.ts";

export const recall = retrievalMetric({
  name: "recall",
  help: "The share of the relevant documents that are among the first k found.",
  source: "Manning et al. 2008, chapter 8",
  direction: "higher",
  score({ found, grades }) {
    const relevant = [...grades.values()].filter((grade) => grade > 0).length;
    return relevant === 0 ? undefined : found.filter((id) => (grades.get(id) ?? 0) > 0).length / relevant;
  },
});
