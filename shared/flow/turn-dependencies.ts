import type { PriceList } from "./prices.ts";
import type { ChatModel, EmbeddingModel } from "../ports/chat-model.ts";
import type { Clock } from "../ports/clock.ts";
import type { ContentSafety } from "../ports/content-safety.ts";
import type { SearchIndex } from "../ports/search-index.ts";

/** What answering asks of the world. */
export interface TurnDependencies {
  chatModel: ChatModel;
  embeddingModel: EmbeddingModel;
  clock: Clock;
  /** Absent where no search service can be reached. */
  searchIndex?: SearchIndex;
  /** Absent where none is connected: guardrails that need it do as their flow declares. */
  contentSafety?: ContentSafety | undefined;
  /** Of models that the list of known prices lacks. */
  prices?: PriceList | undefined;
}
