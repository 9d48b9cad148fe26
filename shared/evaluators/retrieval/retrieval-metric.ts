import * as z from "zod";
import type { EvaluatorDefinition, EvaluatorName } from "../evaluator.ts";
import { unscorable } from "../unscorable.ts";
import { relevantDocuments } from "./relevant-documents.ts";

const options = z.strictObject({
  k: z.int().min(1).max(100).default(3).describe("How many of the documents found count, best first."),
});

/** What the steps found, cut at k, and what was judged relevant: grades by id, 0 for what is not. */
export interface Ranking {
  found: readonly string[];
  grades: ReadonlyMap<string, number>;
  k: number;
}

/** An evaluator of what a flow's steps found, by the relevance that the row states. */
export function retrievalMetric(facts: {
  name: EvaluatorName;
  help: string;
  source: string;
  direction: EvaluatorDefinition["direction"];
  revision?: string;
  /** From 0 to 1; undefined where the row's relevance says nothing to this metric. */
  score(ranking: Ranking): number | undefined;
}): EvaluatorDefinition {
  const { name, help, source, direction, revision = "1", score } = facts;
  return {
    name,
    kind: "retrieval",
    scale: { min: 0, max: 1 },
    direction,
    threshold: 0.5,
    needs: [],
    help,
    source,
    revision,
    options,
    async measure(input) {
      const why = unscorable([], input);
      if (why !== undefined) return { value: null, reason: why };
      const { k } = options.parse(input.options);
      const grades = relevantDocuments(input.fields);
      if (grades === undefined) {
        return { value: null, reason: "The row has no relevant_documents to compare with." };
      }
      const found = [...new Set(input.documents)].slice(0, k);
      const value = score({ found, grades, k });
      if (value === undefined) return { value: null, reason: "The row names no relevant document." };
      const right = found.filter((id) => (grades.get(id) ?? 0) > 0).length;
      return { value, reason: `${right} of the first ${found.length} documents are relevant.` };
    },
  };
}
