import type { Evaluator, Judge } from "../evaluators/evaluator.ts";
import type { TurnDependencies } from "../flow/answer-turn.ts";
import type { LoadedFlow } from "../flow/load-flow.ts";
import type { RowAnswer, RunPlan } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import type { CallContext } from "../ports/chat-model.ts";
import type { ResultCache } from "../registry/result-cache.ts";
import { NOTHING, recordedAnswer } from "./recorded-answer.ts";
import { rowError } from "./row-error.ts";
import { scoreAnswer } from "./score-answer.ts";

/** What evaluating a row asks of the world. */
export interface RowDependencies extends TurnDependencies {
  /** A judge whose calls are counted and traced as those of this version. */
  judgeFor: (call: CallContext) => Judge;
  models: RunPlan["models"];
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

/**
 * Answers one row by the code that answers in production, and scores the answer. Failures become part of the result.
 * `trial`: which of the row's repetitions, from 0. `order`: its place in the run; lower goes first.
 */
export async function evaluateRow(
  row: DatasetRow,
  test: VersionUnderTest,
  dependencies: RowDependencies,
  { trial = 0, order }: { trial?: number; order?: number } = {},
): Promise<RowAnswer> {
  const counts = { calls: 0, saved: 0 };
  const call: CallContext = {
    flow: test.name,
    version: test.version,
    purpose: "answer",
    order,
    signal: dependencies.signal,
  };
  try {
    const recorded = await recordedAnswer(row, trial, test, dependencies, call, counts);
    const cached = counts.saved > 0;
    const judge = dependencies.judgeFor({ ...call, purpose: "judge" });
    const { scores, error } = await scoreAnswer(
      row,
      trial,
      recorded,
      test,
      judge,
      counts,
      dependencies.models,
    );
    return { ...recorded, scores, error, cached, ...counts };
  } catch (error) {
    return { ...NOTHING, scores: {}, cached: false, error: rowError(error), ...counts };
  }
}
