import type { Judge } from "../../shared/evaluators/evaluator.ts";
import type { CallContext, ChatModel, EmbeddingModel } from "../../shared/ports/chat-model.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Queue } from "../../shared/ports/queue.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { LoadVersion } from "../../shared/registry/version-loader.ts";
import type { RunPlan } from "../../shared/model/run.ts";

/** What evaluation asks of the world. */
export interface EvaluateDependencies {
  store: BlobStore;
  queue: Queue;
  telemetry: Telemetry;
  clock: Clock;
  chatModel: ChatModel;
  embeddingModel: EmbeddingModel;
  loadVersion: LoadVersion;
  /** A judge whose calls are counted and traced as those of this version. */
  judgeFor: (call: CallContext) => Judge;
  models: RunPlan["models"];
}
