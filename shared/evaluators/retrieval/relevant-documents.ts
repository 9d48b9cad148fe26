import * as z from "zod";

const relevanceSchema = z.union([
  z.array(z.string()).transform((ids) => new Map(ids.map((id) => [id, 1]))),
  z.record(z.string(), z.number().min(0)).transform((grades) => new Map(Object.entries(grades))),
]);
/** As Azure AI Evaluation writes it. */
const azureSchema = z
  .array(z.looseObject({ document_id: z.string(), query_relevance_label: z.number().min(0) }))
  .transform(
    (judged) => new Map(judged.map(({ document_id, query_relevance_label: grade }) => [document_id, grade])),
  );

/**
 * How relevant documents are to a row's question, by id: the row's `relevant_documents`, a list of ids or a grade by
 * id, or Azure's `retrieval_ground_truth`. Undefined where the row says nothing.
 */
export function relevantDocuments(fields: Record<string, unknown>): ReadonlyMap<string, number> | undefined {
  const own = relevanceSchema.safeParse(fields["relevant_documents"]);
  if (own.success) return own.data;
  return azureSchema.safeParse(fields["retrieval_ground_truth"]).data;
}
