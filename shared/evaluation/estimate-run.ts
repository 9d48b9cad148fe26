import type { Evaluator } from "../evaluators/evaluator.ts";
import type { LoadedFlow } from "../flow/load-flow.ts";
import type { LoadedStep } from "../flow/load-step.ts";
import type { Prompty } from "../flow/prompty.ts";
import { costOf, type PriceList } from "../flow/prices.ts";
import type { RunEstimate, Spend } from "../model/budget.ts";

/** One model call that every row takes. */
export interface RowCall {
  model: string;
  inputTokens: number;
  outputTokens: number;
}

/** English text has about four characters a token; other languages and code have fewer, so need more tokens. */
const CHARACTERS_PER_TOKEN = 4;
/** What is not known before the first answer. */
const ANSWER_TOKENS = 200;
const JUDGEMENT_TOKENS = 100;
/** A judge's instructions, by those that come with Flowgate. */
const JUDGE_PROMPT_CHARACTERS = 1_400;
/** A document of a search service, whose text is not at hand. */
const DOCUMENT_CHARACTERS = 1_000;
const SAMPLED_RECORDS = 100;
/** Fewer recorded calls than these are no guide. */
const ENOUGH_CALLS = 10;
const NO_TOKENS = { inputTokens: 0, outputTokens: 0 };

/**
 * `calls` model calls at the mean of `recorded`, what earlier runs of the flow used, where that is ten calls or more;
 * else by `rowCalls`, in their proportions. Names the models without a price, so that a budget in money is refused
 * before anything is paid for.
 */
export function estimateRun(
  calls: number,
  {
    recorded,
    rowCalls,
    prices,
    embedding,
  }: {
    recorded: Spend | undefined;
    rowCalls: readonly RowCall[];
    prices: PriceList;
    /** The embedding model, where rows ask it too. */
    embedding?: string | undefined;
  },
): RunEstimate {
  const names = [
    ...new Set(
      [...rowCalls, ...(embedding === undefined ? [] : [{ model: embedding }])].map(({ model }) => model),
    ),
  ];
  const unpriced = names.filter((model) => costOf(model, NO_TOKENS, prices) === undefined);
  // A deployment's own name is on no list, and the service may name its model, which is.
  const isPriced = recorded !== undefined && recorded.calls >= ENOUGH_CALLS && recorded.unpriced.length === 0;
  const missing = isPriced || unpriced.length === 0 ? {} : { unpriced };
  if (recorded && recorded.calls >= ENOUGH_CALLS) {
    const share = calls / recorded.calls;
    return {
      calls,
      tokens: Math.ceil((recorded.inputTokens + recorded.outputTokens) * share),
      cost: recorded.unpriced.length > 0 ? undefined : recorded.cost * share,
      ...missing,
      from: "recorded",
    };
  }
  const share = rowCalls.length === 0 ? 0 : calls / rowCalls.length;
  const costs = rowCalls.map(({ model, ...usage }) => costOf(model, usage, prices));
  const tokens = sum(rowCalls.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens));
  return {
    calls,
    tokens: Math.ceil(tokens * share),
    cost: costs.includes(undefined) ? undefined : sum(costs.map((cost) => cost ?? 0)) * share,
    ...missing,
    from: "lengths",
  };
}

/**
 * The model calls that a row of a flow takes: its prompts and what its evaluators ask a judge, with tokens by
 * the lengths of templates, records and `rows` (a sample is enough), at four characters a token. A guess: what steps
 * will find and models will answer is not known, and is taken to be of usual length.
 */
export function rowCallsOf(
  flow: LoadedFlow,
  evaluators: readonly Pick<Evaluator, "judgeCalls" | "needs">[],
  rows: readonly { fields: Record<string, unknown> }[],
  models: { chat: string; judge: string },
): RowCall[] {
  const row = mean(rows.map(({ fields }) => lengthOf(Object.values(fields))));
  const found = sum(flow.steps.map(foundBy));
  const prompts = [
    flow.prompt,
    ...flow.steps.flatMap((step) => (step.kind === "prompt" ? [step.prompt] : [])),
  ];
  const answer = answerTokens(flow.prompt);
  const asked = prompts.map((prompt) => ({
    model: prompt.model ?? models.chat,
    inputTokens: tokens(prompt.template.length + row + found),
    outputTokens: answerTokens(prompt),
  }));
  const judged = evaluators
    .flatMap((evaluator) => Array.from({ length: evaluator.judgeCalls ?? 0 }, () => evaluator))
    .map(({ needs }) => ({
      model: models.judge,
      inputTokens: tokens(JUDGE_PROMPT_CHARACTERS + row + (needs.includes("context") ? found : 0)) + answer,
      outputTokens: JUDGEMENT_TOKENS,
    }));
  return [...asked, ...judged];
}

/** The characters that a step adds to what a prompt shows. */
function foundBy(step: LoadedStep): number {
  const ofOne = (records: Record<string, unknown>[]) => mean(records.slice(0, SAMPLED_RECORDS).map(lengthOf));
  if (step.kind === "retrieve") return step.top * ofOne(step.records);
  if (step.kind === "lookup") return ofOne([...step.records.values()]);
  if (step.kind === "search") return step.definition.top * DOCUMENT_CHARACTERS;
  return answerTokens(step.prompt) * CHARACTERS_PER_TOKEN;
}

function answerTokens({ parameters }: Prompty): number {
  const most = parameters["max_completion_tokens"] ?? parameters["max_tokens"];
  return typeof most === "number" ? Math.min(most, ANSWER_TOKENS) : ANSWER_TOKENS;
}

function tokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.length : JSON.stringify(value ?? "").length;
}

function mean(values: number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
