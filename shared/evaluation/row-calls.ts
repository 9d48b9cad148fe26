import type { Evaluator } from "../evaluators/evaluator.ts";
import { rowTurns, turnInputs, type SpokenMessage } from "../flow/row-turns.ts";
import type { RunPlan } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import type { VersionUnderTest } from "./version-under-test.ts";
import { answerKey, type RecordedAnswer } from "./recorded-answer.ts";
import { scoreKey, turnsFor } from "./score-answer.ts";
import { answerOf, comparedTurn, scoredTurns, type ScoredTurn } from "./scored-turns.ts";

/** How many model calls a row takes at most: for each of its turns its prompts', and what its evaluators ask a judge. */
export function callsPerRow(
  row: Pick<DatasetRow, "fields">,
  { flow, evaluators }: Pick<VersionUnderTest, "flow" | "evaluators">,
): number {
  const prompts = flow.definition.steps.filter(({ kind }) => kind === "prompt").length;
  const callsOfKind = (compares: boolean): number =>
    evaluators
      .filter(({ kind }) => (kind === "preference") === compares)
      .reduce((sum, evaluator) => sum + callsOf(evaluator), 0);
  const turns = rowTurns(row.fields)?.length ?? 1;
  return turns * (1 + prompts + callsOfKind(false)) + callsOfKind(true);
}

/** As `callsPerRow`, without what is recorded already. `baseline` is what answers are compared with. */
export function callsToMake(
  row: DatasetRow,
  trial: number,
  test: VersionUnderTest,
  models: RunPlan["models"],
  baseline?: VersionUnderTest | "itself",
): number {
  const recorded = knownAnswer(row, trial, test, models);
  if (!recorded) return callsPerRow(row, test);
  const turns = scoredTurns(row, recorded, test.flow).filter(({ refusal }) => refusal === undefined);
  const compared = (): ScoredTurn[] => {
    if (baseline === undefined || baseline === "itself" || recorded.refusal !== undefined) return [];
    const its = knownAnswer(row, trial, baseline, models);
    return [comparedTurn(row, recorded, test.flow, answerOf(its))];
  };
  const missing = test.evaluators.flatMap((evaluator) =>
    (evaluator.kind === "preference" ? compared() : turnsFor(evaluator, turns))
      .filter((turn) => test.cache.get(scoreKey(row, trial, turn, evaluator, models)) === undefined)
      .map(() => callsOf(evaluator)),
  );
  return missing.reduce((sum, calls) => sum + calls, 0);
}

/** What is recorded of a row; undefined where any turn of it is not. */
function knownAnswer(
  row: DatasetRow,
  trial: number,
  test: VersionUnderTest,
  models: RunPlan["models"],
): RecordedAnswer | undefined {
  const recorded = (inputs?: Record<string, unknown>): RecordedAnswer | undefined => {
    const asked = inputs === undefined ? { row, trial } : { row, trial, inputs };
    return test.cache.get(answerKey(asked, test, models)) as RecordedAnswer | undefined;
  };
  const turns = rowTurns(row.fields);
  if (turns === undefined) return recorded();
  const history: SpokenMessage[] = [];
  const answered: NonNullable<RecordedAnswer["turns"]> = [];
  let last: RecordedAnswer | undefined;
  for (const { question, ground_truth: groundTruth } of turns) {
    last = recorded(turnInputs(test.flow, row.fields, history, question));
    if (!last) return undefined;
    answered.push({ ...last, question, groundTruth });
    if (last.refusal !== undefined) break;
    history.push({ role: "user", text: question }, { role: "assistant", text: last.answer ?? "" });
  }
  return last && { ...last, turns: answered };
}

function callsOf({ judgeCalls = 0 }: Evaluator): number {
  return judgeCalls;
}
