import type { EvaluatorInput } from "../evaluators/evaluator.ts";
import type { RowAnswer } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import type { CallContext } from "../ports/chat-model.ts";
import { evaluatorTools } from "./evaluator-tools.ts";
import { NOTHING } from "./recorded-answer.ts";
import { recordedConversation } from "./recorded-conversation.ts";
import { rowError } from "./row-error.ts";
import { answerOf } from "./scored-turns.ts";
import { scoreAnswer } from "./score-answer.ts";
import type { RowDependencies, VersionUnderTest } from "./version-under-test.ts";

/** Where a row stands in a run. */
export interface RowPlace {
  /** Which of the row's repetitions, from 0. */
  trial?: number;
  /** Lower goes first. */
  order?: number;
  /** The version that answers the same row for comparison; absent where there is none. */
  baseline?: VersionUnderTest | "itself" | undefined;
  /** Aborted once nobody needs the row: calls that wait are given up. */
  unneeded?: AbortSignal;
}

/**
 * Answers one row by the code that answers in production, and scores the answer. Failures become part of the result.
 */
export async function evaluateRow(
  row: DatasetRow,
  test: VersionUnderTest,
  dependencies: RowDependencies,
  { trial = 0, order, unneeded, baseline }: RowPlace = {},
): Promise<RowAnswer> {
  const counts = { calls: 0, saved: 0 };
  const call: CallContext = {
    flow: test.name,
    version: test.version,
    purpose: "answer",
    order,
    unneeded,
    onUsage: dependencies.onUsage,
    signal: dependencies.signal,
  };
  try {
    const recorded = await recordedConversation(row, trial, test, dependencies, call, counts);
    const cached = counts.calls === 0;
    const tools = evaluatorTools(dependencies, call);
    const baselineOf = async (): Promise<EvaluatorInput["baseline"]> => {
      if (baseline === undefined || baseline === "itself") return baseline;
      const its = { ...call, version: baseline.version };
      // What is saved is counted by the baseline's own row.
      const paid = { calls: 0, saved: 0 };
      const answer = await recordedConversation(row, trial, baseline, dependencies, its, paid).catch(
        () => undefined,
      );
      counts.calls += paid.calls;
      return answerOf(answer);
    };
    const { scores, error } = await scoreAnswer(
      row,
      trial,
      recorded,
      test,
      tools,
      counts,
      dependencies.models,
      baselineOf,
    );
    return { ...recorded, scores, error, cached, ...counts };
  } catch (error) {
    return { ...NOTHING, scores: {}, cached: false, error: rowError(error), ...counts };
  }
}
