import { evaluatorTools } from "../../shared/evaluation/evaluator-tools.ts";
import { NOTHING } from "../../shared/evaluation/recorded-answer.ts";
import { scoreAnswer } from "../../shared/evaluation/score-answer.ts";
import type { Evaluator } from "../../shared/evaluators/evaluator.ts";
import { RetryLaterError } from "../../shared/errors.ts";
import { contentHash } from "../../shared/model/canonical.ts";
import type { SampledTurn } from "../../shared/model/monitored-turn.ts";
import type { Score } from "../../shared/model/run.ts";
import type { DatasetRow } from "../../shared/model/version.ts";
import type { CallContext } from "../../shared/ports/chat-model.ts";
import type { ResultCache } from "../../shared/registry/result-cache.ts";
import type { MonitorDependencies } from "./monitor-dependencies.ts";

/** Turns repeat too seldom to be remembered, and their scores are kept by turn. */
const NO_CACHE: ResultCache = {
  get: () => undefined,
  put: () => undefined,
  claim: () => false,
  flush: async () => undefined,
};

/**
 * The scores of a turn, by the code that scores a dataset's rows. Where a judge could not be reached the score is null;
 * unless `giveUp`, that throws `RetryLaterError` where a later attempt may succeed.
 */
export async function scoreTurn(
  sampled: SampledTurn,
  evaluators: readonly Evaluator[],
  onUsage: CallContext["onUsage"],
  giveUp: boolean,
  dependencies: MonitorDependencies,
): Promise<Record<string, Score>> {
  const { flow: name, version, inputs, answer, toolCalls, context, documents } = sampled;
  const flow = await dependencies.loadVersion(name, version);
  const call: CallContext = { flow: name, version, purpose: "judge", onUsage };
  const hash = contentHash(inputs);
  const row: DatasetRow = {
    id: sampled.turn,
    hash,
    cluster: hash,
    dataset: "traffic",
    as: "quality",
    fields: inputs,
  };
  const { scores, error } = await scoreAnswer(
    row,
    0,
    { ...NOTHING, answer, toolCalls, context, documents },
    { evaluators, cache: NO_CACHE, flow },
    evaluatorTools(dependencies, call),
    { calls: 0, saved: 0 },
    dependencies.models,
  );
  if (error?.transient === true && !giveUp) throw new RetryLaterError(error.message);
  return scores;
}
