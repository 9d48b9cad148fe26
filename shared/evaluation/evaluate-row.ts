import { messageOf, ModelError, RetryLaterError } from "../errors.ts";
import type { Evaluator, EvaluatorInput, Judge } from "../evaluators/evaluator.ts";
import { answerTurn, type TurnDependencies } from "../flow/answer-turn.ts";
import type { LoadedFlow } from "../flow/load-flow.ts";
import { costOf } from "../flow/prices.ts";
import { questionOf } from "../flow/question-of.ts";
import { sha256 } from "../model/canonical.ts";
import type { RowAnswer, RunPlan, Score } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import type { CallContext } from "../ports/chat-model.ts";
import { resultKey } from "../registry/result-cache.ts";
import type { ResultCache } from "../registry/result-cache.ts";

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
  evaluators: readonly Evaluator[];
}

/** What is kept of an answer, so that it need not be paid for again. */
type RecordedAnswer = Pick<
  RowAnswer,
  "answer" | "context" | "latencyMs" | "inputTokens" | "outputTokens" | "cost" | "model"
>;

/** Answers one row by the code that answers in production, and scores the answer. Failures become part of the result. */
export async function evaluateRow(
  row: DatasetRow,
  test: VersionUnderTest,
  dependencies: RowDependencies,
): Promise<RowAnswer> {
  const counts = { calls: 0, saved: 0 };
  const call: CallContext = {
    flow: test.name,
    version: test.version,
    purpose: "answer",
    signal: dependencies.signal,
  };
  try {
    const recorded = await recordedAnswer(row, test, dependencies, call, counts);
    const cached = counts.saved > 0;
    const judge = dependencies.judgeFor({ ...call, purpose: "judge" });
    const { scores, error } = await scoreAnswer(row, recorded, test, judge, counts, dependencies);
    return { ...recorded, scores, error, cached, ...counts };
  } catch (error) {
    return { ...NO_ANSWER, error: describe(error), ...counts };
  }
}

async function recordedAnswer(
  row: DatasetRow,
  test: VersionUnderTest,
  dependencies: RowDependencies,
  call: CallContext,
  counts: { calls: number; saved: number },
): Promise<RecordedAnswer> {
  const key = answerKey(row, test, dependencies.models);
  const known = test.cache.get(key) as RecordedAnswer | undefined;
  if (known) {
    counts.saved++;
    return { ...known, cost: known.cost ?? laterCost(known, test, dependencies) };
  }
  counts.calls++;
  const turn = await answerTurn(test.flow, row.fields, dependencies, call);
  counts.calls += turn.calls.length;
  const recorded: RecordedAnswer = {
    answer: turn.answer,
    context: turn.context,
    latencyMs: turn.latencyMs,
    inputTokens: turn.usage?.inputTokens,
    outputTokens: turn.usage?.outputTokens,
    cost: turn.cost,
    model: turn.model,
  };
  test.cache.put(key, recorded);
  return recorded;
}

/** The cost of an answer whose price was learnt after it was given. Several models' tokens cannot be told apart. */
function laterCost(
  { model, inputTokens, outputTokens }: RecordedAnswer,
  { flow }: VersionUnderTest,
  { prices }: RowDependencies,
): number | undefined {
  if (model === undefined || inputTokens === undefined || outputTokens === undefined) return undefined;
  if (flow.steps.some((step) => step.kind === "prompt")) return undefined;
  return costOf(model, { inputTokens, outputTokens }, prices);
}

async function scoreAnswer(
  row: DatasetRow,
  recorded: RecordedAnswer,
  test: VersionUnderTest,
  judge: Judge,
  counts: { calls: number; saved: number },
  { models }: RowDependencies,
): Promise<Pick<RowAnswer, "scores" | "error">> {
  const input: Omit<EvaluatorInput, "options"> = {
    question: questionOf(row.fields) ?? "",
    answer: recorded.answer ?? "",
    context: recorded.context ?? "",
    groundTruth: groundTruthOf(row),
    fields: row.fields,
  };
  const counted: Judge = (request) => {
    counts.calls++;
    return judge(request);
  };
  const scores: Record<string, Score> = {};
  let error: RowAnswer["error"];
  await Promise.all(
    test.evaluators.map(async (evaluator) => {
      const { name } = evaluator;
      const key = scoreKey(row, recorded, evaluator, models);
      const known = test.cache.get(key) as Score | undefined;
      if (known) {
        if (evaluator.kind === "model-graded") counts.saved++;
        scores[name] = known;
        return;
      }
      try {
        const score = await evaluator.evaluate(input, { judge: counted });
        scores[name] = score;
        test.cache.put(key, score);
      } catch (failure) {
        error ??= describe(failure);
        scores[name] = { value: null, passed: undefined, reason: messageOf(failure) };
      }
    }),
  );
  return { scores, error };
}

/** How many model calls a row takes at most: its prompts', and one for each model-graded evaluator. */
export function callsPerRow({ flow, evaluators }: Pick<VersionUnderTest, "flow" | "evaluators">): number {
  const prompts = flow.definition.steps.filter(({ kind }) => kind === "prompt").length;
  return 1 + prompts + modelGraded(evaluators).length;
}

/** As `callsPerRow`, without what is recorded already. */
export function callsToMake(row: DatasetRow, test: VersionUnderTest, models: RunPlan["models"]): number {
  const recorded = test.cache.get(answerKey(row, test, models)) as RecordedAnswer | undefined;
  if (!recorded) return callsPerRow(test);
  return modelGraded(test.evaluators).filter(
    (evaluator) => !test.cache.get(scoreKey(row, recorded, evaluator, models)),
  ).length;
}

function modelGraded(evaluators: readonly Evaluator[]): Evaluator[] {
  return evaluators.filter(({ kind }) => kind === "model-graded");
}

function answerKey(
  row: DatasetRow,
  { version }: Pick<VersionUnderTest, "version">,
  { chat, embedding }: RunPlan["models"],
): string {
  return resultKey({ answer: version, row: row.hash, trial: 0, chat, embedding });
}

function scoreKey(
  row: DatasetRow,
  recorded: Pick<RecordedAnswer, "answer" | "context">,
  { name, revision }: Evaluator,
  { judge }: RunPlan["models"],
): string {
  const answer = sha256(`${recorded.answer ?? ""}\n${recorded.context ?? ""}`);
  return resultKey({ score: name, revision, judge, row: row.hash, answer, trial: 0 });
}

function groundTruthOf(row: DatasetRow): string | undefined {
  const value = row.fields["ground_truth"] ?? row.fields["groundTruth"];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function describe(error: unknown): NonNullable<RowAnswer["error"]> {
  return {
    kind: error instanceof ModelError ? error.kind : "failed",
    message: messageOf(error),
    transient: (error instanceof ModelError && error.retryable) || error instanceof RetryLaterError,
  };
}

const NO_ANSWER: Omit<RowAnswer, "error" | "calls" | "saved"> = {
  answer: undefined,
  context: undefined,
  scores: {},
  latencyMs: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
  cost: undefined,
  model: undefined,
  cached: false,
};
