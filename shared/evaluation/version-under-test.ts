import type { Evaluator, Judge } from "../evaluators/evaluator.ts";
import type { TurnDependencies } from "../flow/answer-turn.ts";
import type { LoadedFlow } from "../flow/load-flow.ts";
import type { RunPlan } from "../model/run.ts";
import type { CallContext } from "../ports/chat-model.ts";
import type { ResultCache } from "../registry/result-cache.ts";

/** What evaluating a row asks of the world. */
export interface RowDependencies extends TurnDependencies {
  /** A judge whose calls are counted and traced as those of this version. */
  judgeFor: (call: CallContext) => Judge;
  models: RunPlan["models"];
  /** Told of every call that was paid for. */
  onUsage?: CallContext["onUsage"];
  /** Ends the calls under way. */
  signal?: AbortSignal | undefined;
}

/** A version with everything that answering and scoring its rows takes. */
export interface VersionUnderTest {
  name: string;
  version: string;
  flow: LoadedFlow;
  cache: ResultCache;
  /** Those that the rows are measured by. */
  evaluators: readonly Evaluator[];
}
