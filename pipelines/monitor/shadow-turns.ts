import { evaluatorTools } from "../../shared/evaluation/evaluator-tools.ts";
import { NOTHING } from "../../shared/evaluation/recorded-answer.ts";
import { rowError } from "../../shared/evaluation/row-error.ts";
import { answerOf, comparedTurn } from "../../shared/evaluation/scored-turns.ts";
import { redactText } from "../../shared/evaluators/safety/redact-personal-data.ts";
import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import { RetryLaterError } from "../../shared/errors.ts";
import { answerTurn } from "../../shared/flow/answer-turn.ts";
import { MONITORING_DEFAULTS } from "../../shared/flow/monitoring-schema.ts";
import { parseBudget } from "../../shared/flow/parse-budget.ts";
import type { TurnSampleMessage } from "../../shared/messages/queue-messages.ts";
import { contentHash } from "../../shared/model/canonical.ts";
import type { SampledTurn } from "../../shared/model/monitored-turn.ts";
import type { ReleasePointer } from "../../shared/model/release.ts";
import type { ShadowComparison } from "../../shared/model/shadow.ts";
import type { DatasetRow } from "../../shared/model/version.ts";
import type { CallContext } from "../../shared/ports/chat-model.ts";
import { createJson, readJson } from "../../shared/registry/json-blob.ts";
import { readMonitoringPlan } from "../../shared/registry/monitoring-plan.ts";
import { registryPath, trafficPath } from "../../shared/registry/paths.ts";
import type { MonitorDependencies } from "./monitor-dependencies.ts";
import { onlineBudget } from "./online-budget.ts";
import { readTurns } from "./read-turns.ts";

type Shadowed = Extract<TurnSampleMessage, { kind: "shadow" }>;

const preference = bindEvaluator({ name: "preference", use: "preference" });
/** The answer, and a judge in both orders. */
const CALLS = 1 + (preference.judgeCalls ?? 0);

/**
 * Lets the candidate answer turns that the stable version has answered, and compares the two answers, within the day's
 * budget for watching production. Nobody sees the candidate's. A rollout that has gone on, or is over, needs no more.
 */
export async function shadowTurns(
  { flow, blob, turns: names, rollout, version }: Shadowed,
  dependencies: MonitorDependencies,
  giveUp: boolean,
): Promise<void> {
  const { store, clock } = dependencies;
  const file = trafficPath.shadow(flow, rollout, names[0] ?? "");
  if (await store.read("traffic", file)) return;
  const pointer = (await readJson<ReleasePointer>(store, "registry", registryPath.release(flow)))?.value;
  if (pointer?.rollout?.id !== rollout || pointer.canary?.step !== 0) return;
  const plan = await readMonitoringPlan(store, flow);
  const daily = plan?.monitoring.dailyBudget ?? parseBudget({ tokens: MONITORING_DEFAULTS.dailyTokens });
  const budget = onlineBudget(flow, daily, CALLS, dependencies);
  const wanted = new Set(names);
  const compared: ShadowComparison["turns"] = [];
  for (const sampled of (await readTurns(store, blob)).filter(({ turn }) => wanted.has(turn))) {
    if (!(await budget.allowsNext())) break;
    compared.push(await compare(sampled, version, budget.record, giveUp, dependencies));
  }
  await budget.flush();
  const at = clock.now().toISOString();
  const comparison: ShadowComparison = { flow, rollout, version, at, turns: compared };
  await createJson(store, "traffic", file, comparison);
}

async function compare(
  sampled: SampledTurn,
  version: string,
  onUsage: CallContext["onUsage"],
  giveUp: boolean,
  dependencies: MonitorDependencies,
): Promise<ShadowComparison["turns"][number]> {
  const { flow: name, turn, inputs, answer } = sampled;
  const call: CallContext = { flow: name, version, purpose: "answer", onUsage };
  const flow = await dependencies.loadVersion(name, version);
  const failed = (thrown: unknown, preference: number | null) => {
    const error = rowError(thrown);
    if (error.transient && !giveUp) throw new RetryLaterError(error.message);
    return { turn, preference: error.transient ? null : preference, error: error.kind };
  };
  let candidate: Awaited<ReturnType<typeof answerTurn>>;
  try {
    candidate = await answerTurn(flow, inputs, dependencies, call);
  } catch (error) {
    // What the stable version answered and the candidate does not is a loss.
    return failed(error, 0);
  }
  const hash = contentHash(inputs);
  const row: DatasetRow = {
    id: turn,
    hash,
    cluster: hash,
    dataset: "traffic",
    as: "quality",
    fields: inputs,
  };
  // As the answer that was served was kept: two that say the same are the same.
  const recorded = {
    ...NOTHING,
    answer: await redactText(candidate.answer),
    context: await redactText(candidate.context),
  };
  const { input } = comparedTurn(row, recorded, flow, answerOf({ ...NOTHING, answer }));
  try {
    const { value } = await preference.evaluate(input, evaluatorTools(dependencies, call));
    return { turn, preference: value };
  } catch (error) {
    return failed(error, null);
  }
}
