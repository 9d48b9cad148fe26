import type { LoadedFlow } from "../../shared/flow/load-flow.ts";
import type { FoundDocument } from "../../shared/flow/run-steps.ts";
import type { Citation } from "../../shared/model/chat-answers.ts";

/** What the flow's searches found for a turn, best first; records that it looked up about a customer are none. */
export function citationsOf({ steps }: LoadedFlow, documents: readonly FoundDocument[]): Citation[] {
  if (documents.length === 0) return [];
  const searches = new Set(
    steps.filter(({ kind }) => kind === "retrieve" || kind === "search").map(({ name }) => name),
  );
  return documents
    .filter(({ step }) => searches.has(step))
    .map(({ step, id, title = id }) => ({ id, title, step }));
}
