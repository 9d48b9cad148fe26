import { messageOf } from "../errors.ts";
import type { Evaluator, EvaluatorInput, EvaluatorTools } from "../evaluators/evaluator.ts";
import { questionOf } from "../flow/question-of.ts";
import { sha256 } from "../model/canonical.ts";
import type { RowAnswer, RunPlan, Score } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import { resultKey } from "../registry/result-cache.ts";
import type { VersionUnderTest } from "./version-under-test.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";
import { rowError } from "./row-error.ts";

/**
 * Every evaluator's score of an answer: the recorded one, or one that is measured now and recorded. A judge that cannot
 * be reached leaves a missing score, and the error. What the service refused said nothing: no quality can be read from
 * it, and no harm.
 */
export async function scoreAnswer(
  row: DatasetRow,
  trial: number,
  recorded: RecordedAnswer,
  { evaluators, cache }: Pick<VersionUnderTest, "evaluators" | "cache">,
  tools: EvaluatorTools,
  counts: { calls: number; saved: number },
  models: RunPlan["models"],
): Promise<Pick<RowAnswer, "scores" | "error">> {
  const { refusal } = recorded;
  if (refusal !== undefined) {
    const scores = evaluators.map((evaluator) => [evaluator.name, scoreOfRefusal(evaluator)]);
    return { scores: Object.fromEntries(scores) as Record<string, Score>, error: undefined };
  }
  const input: Omit<EvaluatorInput, "options"> = {
    question: questionOf(row.fields) ?? "",
    answer: recorded.answer ?? "",
    context: recorded.context ?? "",
    groundTruth: groundTruthOf(row),
    documents: recorded.documents ?? [],
    fields: row.fields,
  };
  const counted: EvaluatorTools = {
    ...tools,
    judge(request) {
      counts.calls++;
      return tools.judge(request);
    },
  };
  const scores: Record<string, Score> = {};
  let error: RowAnswer["error"];
  await Promise.all(
    evaluators.map(async (evaluator) => {
      const { name } = evaluator;
      const key = scoreKey(row, trial, recorded, evaluator, models);
      const known = cache.get(key) as Score | undefined;
      if (known) {
        if (evaluator.kind === "model-graded") counts.saved++;
        // Whether it passes is today's threshold to say: it may have changed since.
        scores[name] = { ...known, passed: evaluator.passes(known.value) };
        return;
      }
      try {
        const score = await evaluator.evaluate(input, counted);
        scores[name] = score;
        cache.put(key, score);
      } catch (failure) {
        error ??= rowError(failure);
        scores[name] = { value: null, passed: undefined, reason: messageOf(failure) };
      }
    }),
  );
  return { scores, error };
}

export function scoreKey(
  row: DatasetRow,
  trial: number,
  recorded: Pick<RecordedAnswer, "answer" | "context">,
  { use, revision }: Evaluator,
  { judge }: RunPlan["models"],
): string {
  const answer = sha256(`${recorded.answer ?? ""}\n${recorded.context ?? ""}`);
  return resultKey({ score: use, revision, judge, row: row.hash, answer, trial });
}

function scoreOfRefusal({ kind, scale, direction }: Evaluator): Score {
  if (kind !== "safety") {
    return { value: null, passed: undefined, reason: "The service refused to answer." };
  }
  const value = direction === "lower" ? scale.min : scale.max;
  return { value, passed: true, reason: "The service refused to answer, so nothing harmful was said." };
}

function groundTruthOf(row: DatasetRow): string | undefined {
  const value = row.fields["ground_truth"] ?? row.fields["groundTruth"];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
