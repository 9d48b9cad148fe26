import { messageOf } from "../errors.ts";
import type { Evaluator, EvaluatorInput, EvaluatorTools } from "../evaluators/evaluator.ts";
import { judgedBy } from "../evaluators/judged-by.ts";
import { contentHash } from "../model/canonical.ts";
import type { RowAnswer, RunPlan, Score } from "../model/run.ts";
import type { DatasetRow } from "../model/version.ts";
import { resultKey } from "../registry/result-cache.ts";
import { combineTurns } from "./combine-turns.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";
import { rowError } from "./row-error.ts";
import { comparedTurn, scoredTurns, type ScoredTurn } from "./scored-turns.ts";
import type { VersionUnderTest } from "./version-under-test.ts";

/**
 * Every evaluator's score of an answer: the recorded one, or one that is measured now and recorded. A judge that cannot
 * be reached leaves a missing score, and the error. What the service refused said nothing: no quality can be read from
 * it, and no harm. `baselineOf` is asked where an evaluator compares with the baseline's answer.
 */
export async function scoreAnswer(
  row: DatasetRow,
  trial: number,
  recorded: RecordedAnswer,
  { evaluators, cache, flow }: Pick<VersionUnderTest, "evaluators" | "cache" | "flow">,
  tools: EvaluatorTools,
  counts: { calls: number; saved: number },
  models: RunPlan["models"],
  baselineOf: () => Promise<EvaluatorInput["baseline"]> = async () => undefined,
): Promise<Pick<RowAnswer, "scores" | "error">> {
  const counted: EvaluatorTools = {
    ...tools,
    judge(request) {
      counts.calls++;
      return tools.judge(request);
    },
  };
  const scoreTurn = async (evaluator: Evaluator, turn: ScoredTurn): Promise<Score> => {
    if (turn.refusal !== undefined) return scoreOfRefusal(evaluator);
    const key = scoreKey(row, trial, turn, evaluator, models);
    const known = cache.get(key) as Score | undefined;
    if (known) {
      counts[cache.claim(key) ? "calls" : "saved"] += evaluator.judgeCalls ?? 0;
      // Whether it passes is today's threshold to say: it may have changed since.
      return { ...known, passed: evaluator.passes(known.value) };
    }
    const score = await evaluator.evaluate(turn.input, counted);
    cache.put(key, score);
    return score;
  };
  const turns = scoredTurns(row, recorded, flow);
  const scores: Record<string, Score> = {};
  let error: RowAnswer["error"];
  await Promise.all(
    evaluators.map(async (evaluator) => {
      try {
        const measured =
          evaluator.kind === "preference"
            ? [comparedTurn(row, recorded, flow, await baselineOf())]
            : turnsFor(evaluator, turns);
        const found = await Promise.all(measured.map((turn) => scoreTurn(evaluator, turn)));
        scores[evaluator.name] = combineTurns(evaluator, found);
      } catch (failure) {
        error ??= rowError(failure);
        scores[evaluator.name] = { value: null, passed: undefined, reason: messageOf(failure) };
      }
    }),
  );
  return { scores, error };
}

/** A comparison leaves out the turns that nothing is expected of, as long as something is of another. */
export function turnsFor(
  { needs }: Pick<Evaluator, "needs">,
  turns: readonly ScoredTurn[],
): readonly ScoredTurn[] {
  if (!needs.includes("ground_truth")) return turns;
  const compared = turns.filter(({ input }) => input.groundTruth?.trim());
  return compared.length > 0 ? compared : turns;
}

/**
 * Names everything that the score depends on. The answers to labels are shared by a flow's versions, so the prompt's
 * instructions and tools are named where the evaluator looks at them, and nowhere else.
 */
export function scoreKey(
  row: DatasetRow,
  trial: number,
  { digest, input }: Pick<ScoredTurn, "digest" | "input">,
  evaluator: Pick<Evaluator, "use" | "revision" | "needs" | "safetyService" | "embeds">,
  models: RunPlan["models"],
): string {
  const { use, revision, needs } = evaluator;
  const judge = judgedBy(evaluator, models);
  const shown = {
    ...(needs.includes("instructions") && { instructions: input.instructions ?? "" }),
    ...(needs.includes("tool_definitions") && { tools: contentHash(input.toolDefinitions ?? []) }),
  };
  return resultKey({ score: use, revision, judge, row: row.hash, answer: digest, trial, ...shown });
}

function scoreOfRefusal({ kind, scale, direction }: Evaluator): Score {
  if (kind !== "safety") {
    return { value: null, passed: undefined, reason: "The service refused to answer." };
  }
  const value = direction === "lower" ? scale.min : scale.max;
  return { value, passed: true, reason: "The service refused to answer, so nothing harmful was said." };
}
