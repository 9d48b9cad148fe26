import { messageOf, ModelError, RetryLaterError } from "../../shared/errors.ts";
import { EVALUATORS } from "../../shared/evaluators/registry.ts";
import type { Evaluator, EvaluatorInput, Judge } from "../../shared/evaluators/evaluator.ts";
import { answerTurn } from "../../shared/flow/answer-turn.ts";
import type { LoadedFlow } from "../../shared/flow/load-flow.ts";
import { questionOf } from "../../shared/flow/question-of.ts";
import { sha256 } from "../../shared/model/canonical.ts";
import type { RowAnswer, Score } from "../../shared/model/run.ts";
import type { DatasetRow } from "../../shared/model/version.ts";
import type { CallContext } from "../../shared/ports/chat-model.ts";
import { resultKey } from "../../shared/registry/result-cache.ts";
import type { ResultCache } from "../../shared/registry/result-cache.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";

/** A version with everything that answering and scoring its rows takes. */
export interface VersionUnderTest {
  name: string;
  version: string;
  flow: LoadedFlow;
  cache: ResultCache;
  evaluators: string[];
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
  dependencies: EvaluateDependencies,
): Promise<RowAnswer> {
  const counts = { calls: 0, saved: 0 };
  const call: CallContext = { flow: test.name, version: test.version, purpose: "answer" };
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
  dependencies: EvaluateDependencies,
  call: CallContext,
  counts: { calls: number; saved: number },
): Promise<RecordedAnswer> {
  const { chat, embedding } = dependencies.models;
  const key = resultKey({ answer: test.version, row: row.hash, trial: 0, chat, embedding });
  const known = test.cache.get(key) as RecordedAnswer | undefined;
  if (known) {
    counts.saved++;
    return known;
  }
  counts.calls++;
  const turn = await answerTurn(test.flow, row.fields, dependencies, call);
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

async function scoreAnswer(
  row: DatasetRow,
  recorded: RecordedAnswer,
  test: VersionUnderTest,
  judge: Judge,
  counts: { calls: number; saved: number },
  { models }: EvaluateDependencies,
): Promise<Pick<RowAnswer, "scores" | "error">> {
  const input: EvaluatorInput = {
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
  const answer = sha256(`${input.answer}\n${input.context}`);
  const scores: Record<string, Score> = {};
  let error: RowAnswer["error"];
  await Promise.all(
    test.evaluators.map(async (name) => {
      const evaluator = evaluatorNamed(name);
      const { revision } = evaluator;
      const key = resultKey({ score: name, revision, judge: models.judge, row: row.hash, answer, trial: 0 });
      const known = test.cache.get(key) as Score | undefined;
      if (known) {
        if (evaluator.kind === "model-graded") counts.saved++;
        scores[name] = known;
        return;
      }
      try {
        const score = await evaluator.evaluate(input, counted);
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

function evaluatorNamed(name: string): Evaluator {
  const evaluator = Object.values(EVALUATORS).find((known) => known.name === name);
  if (!evaluator) {
    throw new Error(`There is no evaluator "${name}"; there are ${Object.keys(EVALUATORS).join(", ")}.`);
  }
  return evaluator;
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
