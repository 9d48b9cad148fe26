import { evaluatorsFor, measuredRows } from "../../shared/evaluation/measured-rows.ts";
import { callsPerRow } from "../../shared/evaluation/row-calls.ts";
import { estimateRun, rowCallsOf } from "../../shared/evaluation/estimate-run.ts";
import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import { restsOnJudge } from "../../shared/evaluators/rests-on-judge.ts";
import type { LoadedFlow } from "../../shared/flow/load-flow.ts";
import type { RunEstimate, Spend } from "../../shared/model/budget.ts";
import type { RunPlan } from "../../shared/model/run.ts";
import type { SuiteManifest } from "../../shared/model/version.ts";
import { readSuiteRows } from "../../shared/registry/version-store.ts";
import type { EvaluateDependencies } from "./evaluate-dependencies.ts";

const SAMPLED_ROWS = 20;

/**
 * What a run takes if nothing is recorded and nothing stops it early: every row of the candidate and of the baseline,
 * counterfactual ones too, and a judgement of every label, at what earlier runs of the flow used a call, else by the lengths of a few rows.
 */
export async function estimatePlan(
  plan: RunPlan,
  suite: SuiteManifest,
  flow: LoadedFlow,
  recorded: Spend | undefined,
  { store, prices }: Pick<EvaluateDependencies, "store" | "prices">,
): Promise<RunEstimate> {
  const evaluators = suite.definition.evaluators.map(bindEvaluator);
  const measured = measuredRows(suite);
  const models = { chat: bareName(plan.models.chat), judge: bareName(plan.models.judge) };
  const versions = plan.baseline === undefined ? 1 : 2;
  const answers = versions * suite.definition.trials;
  let calls = 0;
  const rowCalls: ReturnType<typeof rowCallsOf> = [];
  for (const kind of ["quality", "safety", "counterfactual"] as const) {
    const buckets = suite.buckets.filter(({ as }) => as === kind);
    const [first] = buckets;
    if (!first) continue;
    const rows = (await readSuiteRows(store, plan.flow, plan.suite, first.name)).slice(0, SAMPLED_ROWS);
    const asked = evaluatorsFor(kind, evaluators, measured);
    const each = rows.reduce((sum, row) => sum + callsPerRow(row, { flow, evaluators: asked }), 0);
    const count = buckets.reduce((sum, bucket) => sum + bucket.rows, 0);
    calls += (each / Math.max(1, rows.length)) * count * answers;
    rowCalls.push(...rowCallsOf(flow, asked, rows, models));
  }
  calls += (suite.labels ?? 0) * evaluators.filter(restsOnJudge).length;
  const embeds = flow.steps.some(asksForVectors) || evaluators.some((evaluator) => evaluator.embeds);
  return estimateRun(Math.round(calls), {
    recorded,
    rowCalls,
    prices: prices ?? {},
    ...(embeds && { embedding: bareName(plan.models.embedding) }),
  });
}

function asksForVectors(step: LoadedFlow["steps"][number]): boolean {
  return step.kind === "retrieve" && step.vectors.length > 0;
}

/** `openai/gpt-4o-mini` names a service too; prices go by the model. */
function bareName(model: string): string {
  return model.slice(model.indexOf("/") + 1);
}
