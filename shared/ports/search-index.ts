import type { RetrieveMode } from "../model/flow.ts";
import type { CallContext } from "./chat-model.ts";

/** One search of an index. */
export interface SearchQuery {
  /** The service's name in the settings. */
  connection: string;
  index: string;
  mode: RetrieveMode;
  /** What is searched for; the words count in the modes `keyword` and `hybrid`. */
  text: string;
  /** The query's vector, in the modes `vector` and `hybrid`, by the model that made the index's vectors. */
  vector: Float32Array | undefined;
  /** The index's vector fields. */
  fields: readonly string[];
  top: number;
  /** The least cosine (vector) or the service's own score (keyword). */
  minimumScore: number | undefined;
}

/** Search services, by the names that the settings give their connections. */
export interface SearchIndex {
  /**
   * The records found, best first, without their vectors. Throws `NotFoundError` for an unknown connection, listing
   * the known ones, and `ModelError` where the service does not answer.
   */
  search(query: SearchQuery, context: CallContext): Promise<Record<string, unknown>[]>;
}
