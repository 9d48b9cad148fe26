import { RetryLaterError } from "../../shared/errors.ts";
import { NOTHING } from "../../shared/evaluation/recorded-answer.ts";
import { scoreAnswer, scoreKey } from "../../shared/evaluation/score-answer.ts";
import { scoredTurns } from "../../shared/evaluation/scored-turns.ts";
import type { VersionUnderTest } from "../../shared/evaluation/version-under-test.ts";
import type { EvaluatorTools } from "../../shared/evaluators/evaluator.ts";
import { questionOf } from "../../shared/model/question-of.ts";
import { type JudgedAnswer, LABELS_SHARD } from "../../shared/model/judged-answer.ts";
import type { LabelledAnswer } from "../../shared/model/version.ts";
import type { CallContext } from "../../shared/ports/chat-model.ts";
import { openResultCache } from "../../shared/registry/result-cache.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { suiteEvaluators } from "../../shared/registry/suite-evaluators.ts";
import { readSuiteLabels } from "../../shared/registry/version-store.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";
import type { ShardWork } from "./evaluate-rows.ts";

/**
 * Has the judge score the answers that people labelled, by the evaluators that score the rows, and writes both beside
 * each other, once. What the judge said of an answer is kept for all versions of the flow. Throws `RetryLaterError`
 * where the judge cannot be reached for a passing reason and this is not the last attempt.
 */
export async function judgeLabels(
  { plan, suite, progress, delivery }: ShardWork,
  dependencies: EvaluateDependencies,
): Promise<void> {
  const { store } = dependencies;
  const result = registryPath.shard(plan.flow, plan.id, LABELS_SHARD);
  if (delivery.redelivered && (await store.read("registry", result))) return;
  const [labels, flow, cache, evaluators] = await Promise.all([
    readSuiteLabels(store, plan.flow, plan.suite),
    dependencies.loadVersion(plan.flow, plan.version),
    openResultCache(store, plan.flow, LABELS_SHARD, LABELS_SHARD, { run: plan.id }),
    suiteEvaluators(store, suite),
  ]);
  const test = { name: plan.flow, version: plan.version, flow, cache, evaluators };
  // Like safety rows they are needed whatever the verdict on the others is.
  const unneeded = progress.unneeded("safety");
  const { spending, models } = dependencies;
  const isFree = ({ row, answer, context, scores }: LabelledAnswer): boolean =>
    scoredTurns(row, { ...NOTHING, answer, context }, flow).every((turn) =>
      evaluators
        .filter(({ name }) => Object.hasOwn(scores, name))
        .every((evaluator) => cache.get(scoreKey(row, 0, turn, evaluator, models)) !== undefined),
    );
  /** As for a row: how to say that the label is done; undefined where a budget is spent. */
  const pay = async (label: LabelledAnswer): Promise<(() => void) | undefined> => {
    if (!spending.isLimited(plan) || isFree(label)) return () => undefined;
    const reserved = await spending.reserve(plan);
    if (!("refusal" in reserved)) return reserved;
    await progress.exhaust(reserved.refusal);
    return undefined;
  };
  const paying = { ...dependencies, onUsage: spending.record(plan) };
  const judged = await Promise.all(
    labels.map(async (label, order) => {
      const leave = await dependencies.admission.admit(order, unneeded).catch(() => undefined);
      if (!leave) return undefined;
      try {
        await progress.look();
        const paid = unneeded.aborted ? undefined : await pay(label);
        if (!paid) return undefined;
        return await judge(label, order, test, paying, unneeded).finally(paid);
      } finally {
        leave();
      }
    }),
  );
  await Promise.all([cache.flush(), spending.flush(plan)]);
  const done = judged.filter((answer) => answer !== undefined);
  if (done.length < labels.length) return;
  const failed = done.filter(({ error }) => error?.transient);
  if (failed.length > 0 && !delivery.lastAttempt) {
    const first = failed[0]?.error?.message ?? "";
    throw new RetryLaterError(
      `${failed.length} of ${done.length} labels are not judged yet; the first: ${first}`,
    );
  }
  await store.create("registry", result, done.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
}

async function judge(
  label: LabelledAnswer,
  order: number,
  test: VersionUnderTest,
  dependencies: EvaluateDependencies,
  unneeded: AbortSignal,
): Promise<JudgedAnswer> {
  const { row, answer, context, scores, note, hard } = label;
  const counts = { calls: 0, saved: 0 };
  const { signal, models, onUsage } = dependencies;
  const { name: flow, version } = test;
  const call: CallContext = { flow, version, purpose: "judge", order, unneeded, signal, onUsage };
  const tools: EvaluatorTools = {
    judge: dependencies.judgeFor(call),
    embed: (texts) => dependencies.embeddingModel.embed(texts, call),
  };
  const evaluators = test.evaluators.filter(({ name }) => Object.hasOwn(scores, name));
  const judged = await scoreAnswer(
    row,
    0,
    { ...NOTHING, answer, context },
    { ...test, evaluators },
    tools,
    counts,
    models,
  );
  return {
    row: row.id,
    cluster: row.cluster,
    question: questionOf(row.fields),
    answer,
    human: scores,
    judge: judged.scores,
    note,
    hard,
    error: judged.error,
    ...counts,
  };
}
