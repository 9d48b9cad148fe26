import { ModelError } from "../errors.ts";
import { answerTurn } from "../flow/answer-turn.ts";
import type { LoadedFlow } from "../flow/load-flow.ts";
import type { FoundDocument } from "../flow/run-steps.ts";
import { costOf } from "../flow/prices.ts";
import { typedInputs } from "../flow/typed-inputs.ts";
import { OFFLINE_REVISION } from "../guardrails/attack-score.ts";
import { contentHash } from "../model/canonical.ts";
import { guardrailReason } from "../model/guardrails.ts";
import type { RowAnswer, RunPlan } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import type { CallContext } from "../ports/chat-model.ts";
import { type ResultCache, resultKey } from "../registry/result-cache.ts";
import type { RowDependencies, VersionUnderTest } from "./version-under-test.ts";
import { flowOfTrial } from "./flow-of-trial.ts";

/** What is kept of an answer, so that it need not be paid for again. */
export type RecordedAnswer = Pick<
  RowAnswer,
  | "answer"
  | "toolCalls"
  | "turns"
  | "refusal"
  | "context"
  | "documents"
  | "latencyMs"
  | "inputTokens"
  | "outputTokens"
  | "cost"
  | "model"
>;

/** A question of a row: the row's own, or one of its turns. */
export interface AskedRow {
  row: DatasetRow;
  trial: number;
  /** Of a turn, with what was said before; absent: the row's fields. */
  inputs?: Record<string, unknown>;
}

/**
 * The row's answer: the recorded one, or one that is asked for now and recorded. That the service refuses the text is
 * an answer of its kind: it would be the same tomorrow. Throws what else `answerTurn` throws.
 */
export async function recordedAnswer(
  asked: AskedRow,
  test: VersionUnderTest,
  dependencies: RowDependencies,
  call: CallContext,
  counts: { calls: number; saved: number },
): Promise<RecordedAnswer> {
  const key = answerKey(asked, test, dependencies.models);
  const known = test.cache.get(key) as RecordedAnswer | undefined;
  if (known) {
    counts[test.cache.claim(key) ? "calls" : "saved"] += callsOfAnswer(test);
    return { ...known, cost: costToday(known, test, dependencies) ?? known.cost };
  }
  const waiting = underWay.get(test.cache) ?? new Map<string, Promise<RecordedAnswer>>();
  underWay.set(test.cache, waiting);
  const asking = waiting.get(key);
  if (asking !== undefined) return asking;
  const recording = askOnce(asked, test, dependencies, call, counts)
    .then((recorded) => {
      test.cache.put(key, recorded);
      return recorded;
    })
    .finally(() => waiting.delete(key));
  waiting.set(key, recording);
  return recording;
}

/** Who asks for an answer that somebody waits for already, waits with them. */
const underWay = new WeakMap<ResultCache, Map<string, Promise<RecordedAnswer>>>();

async function askOnce(
  { row, inputs, trial }: AskedRow,
  { flow }: VersionUnderTest,
  dependencies: RowDependencies,
  call: CallContext,
  counts: { calls: number },
): Promise<RecordedAnswer> {
  counts.calls++;
  try {
    const { values } = typedInputs(flow, inputs ?? row.fields);
    const turn = await answerTurn(flowOfTrial(flow, trial), values, dependencies, call);
    counts.calls += turn.calls.length;
    const { blocked, unchecked = [] } = turn.guarded ?? {};
    // What a service did not say just now says nothing of the version: the row is asked again.
    const failure = unchecked.find((check) => check.failure)?.failure;
    if (failure) throw failure;
    if (blocked) {
      const { usage, cost } = turn;
      const paid = { inputTokens: usage?.inputTokens, outputTokens: usage?.outputTokens, cost };
      return { ...NOTHING, ...paid, refusal: guardrailReason(blocked) };
    }
    return {
      answer: turn.answer,
      toolCalls: turn.toolCalls,
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

/** The prompts that one answer takes. */
function callsOfAnswer({ flow }: Pick<VersionUnderTest, "flow">): number {
  return 1 + flow.definition.steps.filter(({ kind }) => kind === "prompt").length;
}

export function answerKey(
  { row, trial, inputs }: AskedRow,
  { version, flow }: Pick<VersionUnderTest, "version" | "flow">,
  { chat, embedding, safety }: RunPlan["models"],
): string {
  const asked = inputs === undefined ? {} : { inputs: contentHash(inputs) };
  const guarded = flow.definition.guardrails ? { guarded: `${OFFLINE_REVISION} ${safety ?? "offline"}` } : {};
  return resultKey({ answer: version, row: row.hash, ...asked, trial, chat, embedding, ...guarded });
}

/** What retrievals found, not records that were looked up by key. */
function retrievedIds(documents: readonly FoundDocument[], { definition }: LoadedFlow): string[] {
  const retrievals = definition.steps.filter(({ kind }) => kind === "retrieve" || kind === "search");
  return documents.filter(({ step }) => retrievals.some(({ name }) => name === step)).map(({ id }) => id);
}

/**
 * The cost at today's prices, as an answer that is asked for now has them: versions are compared by one price list.
 * Several models' tokens cannot be told apart.
 */
function costToday(
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
  toolCalls: undefined,
  turns: undefined,
  refusal: undefined,
  context: undefined,
  documents: undefined,
  latencyMs: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
  cost: undefined,
  model: undefined,
};
