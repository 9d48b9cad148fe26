import type { Evaluator } from "../evaluators/evaluator.ts";
import type { RunPlan } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import type { VersionUnderTest } from "./version-under-test.ts";
import { answerKey, type RecordedAnswer } from "./recorded-answer.ts";
import { scoreKey } from "./score-answer.ts";

/** How many model calls a row takes at most: its prompts', and one for each model-graded evaluator. */
export function callsPerRow({ flow, evaluators }: Pick<VersionUnderTest, "flow" | "evaluators">): number {
  const prompts = flow.definition.steps.filter(({ kind }) => kind === "prompt").length;
  return 1 + prompts + modelGraded(evaluators).length;
}

/** As `callsPerRow`, without what is recorded already. */
export function callsToMake(
  row: DatasetRow,
  trial: number,
  test: VersionUnderTest,
  models: RunPlan["models"],
): number {
  const recorded = test.cache.get(answerKey(row, trial, test, models)) as RecordedAnswer | undefined;
  if (!recorded) return callsPerRow(test);
  if (recorded.refusal !== undefined) return 0;
  return modelGraded(test.evaluators).filter(
    (evaluator) => !test.cache.get(scoreKey(row, trial, recorded, evaluator, models)),
  ).length;
}

function modelGraded(evaluators: readonly Evaluator[]): Evaluator[] {
  return evaluators.filter(({ kind }) => kind === "model-graded");
}
