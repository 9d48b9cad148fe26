import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import { createChatModel } from "../../shared/adapters/azure/chat-model.ts";
import { createContentSafety } from "../../shared/adapters/azure/content-safety.ts";
import { createEmbeddingModel } from "../../shared/adapters/azure/embedding-model.ts";
import { createSearchIndex } from "../../shared/adapters/azure/search-index.ts";
import { createSilentTelemetry } from "../../shared/adapters/silent-telemetry.ts";
import { createSystemClock } from "../../shared/adapters/system-clock.ts";
import { safetyNotices } from "../../shared/evaluators/judged-by.ts";
import { makeJudge } from "../../shared/evaluators/make-judge.ts";
import { compareCombinations } from "../../shared/evaluation/compare-combinations.ts";
import type { RowDependencies } from "../../shared/evaluation/version-under-test.ts";
import { callsPerRow, callsToMake } from "../../shared/evaluation/row-calls.ts";
import { sampleRows } from "../../shared/evaluation/sample-rows.ts";
import { rowsOf } from "../../shared/flow/dataset-rows.ts";
import { combinationsOf } from "../../shared/flow/variant-combinations.ts";
import type { FlowDefinition, FlowFiles } from "../../shared/model/flow.ts";
import { OFFLINE_NOTICE, OFFLINE_STAND_IN } from "../../shared/model/offline-stand-in.ts";
import type { Settings } from "../../shared/settings.ts";
import { CommandError } from "../command-error.ts";
import { answerRows } from "./answer-rows.ts";
import type { CacheStore } from "./cache-folder.ts";
import type { Comparison, ComparisonPlan } from "./comparison.ts";
import { makeCandidates } from "./make-candidates.ts";

interface ComparisonRequest {
  definition: FlowDefinition;
  files: FlowFiles;
  settings: Pick<Settings, "model" | "connections" | "prices" | "contentSafety">;
  cache: CacheStore;
  /** Axes and alternatives, as `combinationsOf` takes them. */
  selected: readonly string[];
  /** Rows to answer; undefined: all. */
  rows: number | undefined;
  /** More calls than this are refused before the first is made. */
  maxCalls: number;
  signal: AbortSignal;
  onPlan: (plan: ComparisonPlan) => void;
  onAnswer: (done: number, total: number) => void;
}

/**
 * Answers the flow's rows with the base and with every combination of its variants, in this process, and ranks them.
 * What was answered and scored before, with the same content and models, is not paid for again.
 */
export async function runComparison(request: ComparisonRequest): Promise<Comparison> {
  const { definition, files, settings, signal } = request;
  const combinations = combinationsOf(definition.variants, request.selected);
  const { rows, of: ofRows } = sampleRows(rowsOf(definition.evaluation, files), request.rows);
  const dependencies = makeDependencies(settings, signal);
  const { candidates, same } = await makeCandidates(combinations, request, dependencies);
  signal.throwIfAborted();

  const evaluators = definition.evaluation.evaluators.map(bindEvaluator);
  const tests = candidates.map(({ test }) => test);
  const toMake = tests.flatMap((test) =>
    rows.map((row) =>
      callsToMake(row, 0, test, dependencies.models, test === tests[0] ? "itself" : tests[0]),
    ),
  );
  const plan: ComparisonPlan = {
    flow: definition.name,
    rows: rows.length,
    ofRows,
    compared: candidates.length,
    calls: tests.reduce(
      (sum, test) => sum + rows.reduce((calls, row) => calls + callsPerRow(row, test), 0),
      0,
    ),
    callsToMake: toMake.reduce((sum, calls) => sum + calls, 0),
    same,
  };
  request.onPlan(plan);
  if (plan.callsToMake > request.maxCalls) {
    throw new CommandError(
      `This takes up to ${plan.callsToMake} model calls, and --max-calls is ${request.maxCalls}. Raise it, or take fewer --rows or --variants.`,
    );
  }
  const total = rows.length * tests.length;
  const answers = await answerRows(rows, tests, dependencies, {
    atOnce: settings.model.concurrency * 2,
    onAnswer: (done) => request.onAnswer(done, total),
  });

  const answered = candidates.map(({ combination }, index) => ({
    name: combination.name,
    answers: answers[index] ?? [],
    clusters: rows.map(({ cluster }) => cluster),
  }));
  const [base, ...others] = answered;
  if (!base) throw new CommandError("There is nothing to compare.");
  const compared = compareCombinations([base, ...others], definition.gate, evaluators);
  const flat = answers.flat();
  return {
    ...plan,
    prompt: definition.prompt,
    models: dependencies.models,
    made: flat.reduce((sum, { calls }) => sum + calls, 0),
    saved: flat.reduce((sum, { saved }) => sum + saved, 0),
    notices: [
      ...(flat.some(({ model }) => model === OFFLINE_STAND_IN) ? [OFFLINE_NOTICE] : []),
      ...safetyNotices(evaluators, dependencies.models),
    ],
    combinations: compared.map((entry) => {
      const index = candidates.findIndex(({ combination }) => combination.name === entry.name);
      const errors = (answers[index] ?? []).flatMap(({ error }) => error?.message ?? []);
      return {
        ...entry,
        version: candidates[index]?.test.version ?? "",
        chosen: candidates[index]?.combination.chosen ?? {},
        errors: { rows: errors.length, first: errors[0] },
      };
    }),
  };
}

/** As the functions' composition root makes them, without what only a platform has. */
function makeDependencies(
  { model, connections, prices, contentSafety: safety }: ComparisonRequest["settings"],
  signal: AbortSignal,
): RowDependencies {
  const clock = createSystemClock();
  const telemetry = createSilentTelemetry();
  const chatModel = createChatModel({ model, captureContent: false }, telemetry, clock);
  const contentSafety = safety && createContentSafety(safety, telemetry, clock);
  return {
    chatModel,
    contentSafety,
    embeddingModel: createEmbeddingModel({ model }, telemetry, clock),
    searchIndex: createSearchIndex(connections, telemetry, clock),
    clock,
    prices,
    judgeFor: (call) => makeJudge(chatModel, model.judge, call),
    models: {
      chat: `${model.service}/${model.chat}`,
      judge: `${model.service}/${model.judge}`,
      embedding: `${model.service}/${model.embedding}`,
      ...(contentSafety && { safety: contentSafety.name }),
    },
    signal,
  };
}
