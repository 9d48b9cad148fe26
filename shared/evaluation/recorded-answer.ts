import { ModelError } from "../errors.ts";
import { answerTurn } from "../flow/answer-turn.ts";
import type { LoadedFlow } from "../flow/load-flow.ts";
import type { FoundDocument } from "../flow/run-steps.ts";
import { costOf } from "../flow/prices.ts";
import type { RowAnswer, RunPlan } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import type { CallContext } from "../ports/chat-model.ts";
import { resultKey } from "../registry/result-cache.ts";
import type { RowDependencies, VersionUnderTest } from "./version-under-test.ts";
import { flowOfTrial } from "./flow-of-trial.ts";

/** What is kept of an answer, so that it need not be paid for again. */
export type RecordedAnswer = Pick<
  RowAnswer,
  | "answer"
  | "refusal"
  | "context"
  | "documents"
  | "latencyMs"
  | "inputTokens"
  | "outputTokens"
  | "cost"
  | "model"
>;

/**
 * The row's answer: the recorded one, or one that is asked for now and recorded. That the service refuses the text is
 * an answer of its kind: it would be the same tomorrow. Throws what else `answerTurn` throws.
 */
export async function recordedAnswer(
  row: DatasetRow,
  trial: number,
  test: VersionUnderTest,
  dependencies: RowDependencies,
  call: CallContext,
  counts: { calls: number; saved: number },
): Promise<RecordedAnswer> {
  const key = answerKey(row, trial, test, dependencies.models);
  const known = test.cache.get(key) as RecordedAnswer | undefined;
  if (known) {
    counts.saved++;
    return { ...known, cost: known.cost ?? laterCost(known, test, dependencies) };
  }
  counts.calls++;
  const recorded = await ask(row, trial, test, dependencies, call, counts);
  test.cache.put(key, recorded);
  return recorded;
}

async function ask(
  row: DatasetRow,
  trial: number,
  { flow }: VersionUnderTest,
  dependencies: RowDependencies,
  call: CallContext,
  counts: { calls: number },
): Promise<RecordedAnswer> {
  try {
    const turn = await answerTurn(flowOfTrial(flow, trial), row.fields, dependencies, call);
    counts.calls += turn.calls.length;
    return {
      answer: turn.answer,
      refusal: undefined,
      context: turn.context,
      documents: retrievedIds(turn.documents, flow),
      latencyMs: turn.latencyMs,
      inputTokens: turn.usage?.inputTokens,
      outputTokens: turn.usage?.outputTokens,
      cost: turn.cost,
      model: turn.model,
    };
  } catch (error) {
    if (!(error instanceof ModelError && error.kind === "content_filter")) throw error;
    return { ...NOTHING, refusal: error.message };
  }
}

export function answerKey(
  row: DatasetRow,
  trial: number,
  { version }: Pick<VersionUnderTest, "version">,
  { chat, embedding }: RunPlan["models"],
): string {
  return resultKey({ answer: version, row: row.hash, trial, chat, embedding });
}

/** What retrievals found, not records that were looked up by key. */
function retrievedIds(documents: readonly FoundDocument[], { definition }: LoadedFlow): string[] {
  const retrievals = definition.steps.filter(({ kind }) => kind === "retrieve" || kind === "search");
  return documents.filter(({ step }) => retrievals.some(({ name }) => name === step)).map(({ id }) => id);
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

/** Where there is no answer. */
export const NOTHING: RecordedAnswer = {
  answer: undefined,
  refusal: undefined,
  context: undefined,
  documents: undefined,
  latencyMs: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
  cost: undefined,
  model: undefined,
};
