import { bindEvaluator } from "../../shared/evaluators/bind-evaluator.ts";
import type { Evaluator } from "../../shared/evaluators/evaluator.ts";
import { needsDataset } from "../../shared/evaluators/needs-dataset.ts";
import type { TurnSampleMessage } from "../../shared/messages/queue-messages.ts";
import type {
  Feedback,
  OnlineScores,
  ProposalReason,
  ProposedRow,
  SampledTurn,
} from "../../shared/model/monitored-turn.ts";
import type { Score } from "../../shared/model/run.ts";
import { createJson, readJson } from "../../shared/registry/json-blob.ts";
import { readMonitoringPlan } from "../../shared/registry/monitoring-plan.ts";
import { trafficPath } from "../../shared/registry/paths.ts";
import { suiteEvaluators } from "../../shared/registry/suite-evaluators.ts";
import { readSuite } from "../../shared/registry/version-store.ts";
import type { MonitorDependencies } from "./monitor-dependencies.ts";
import { onlineBudget } from "./online-budget.ts";
import { proposeRow } from "./propose-row.ts";
import { findTurn, readTurns } from "./read-turns.ts";
import { reportOnlineScores } from "./report-online-scores.ts";
import { scoreTurn } from "./score-turn.ts";
import { shadowTurns } from "./shadow-turns.ts";

type Sampled = Extract<TurnSampleMessage, { kind: "sampled" }>;
type FailedScore = Extract<ProposalReason, { kind: "online_score" }>;
type WatchedPlan = NonNullable<Awaited<ReturnType<typeof readMonitoringPlan>>>;
type Disliked = Extract<TurnSampleMessage, { kind: "feedback" }>;

/** What a guardrail may ask of sampled answers: where it fails, it is the guardrail's defect. */
const GUARDRAIL_METRIC = "groundedness";

/**
 * Looks at turns of production: scores those that were sampled, within the day's budget, and proposes those that fail or
 * that a user disliked as rows of the dataset. A message that is delivered again changes nothing. `lastAttempt`: what
 * cannot be scored now never will be.
 */
export async function monitorTurns(
  message: TurnSampleMessage,
  dependencies: MonitorDependencies,
  { lastAttempt }: { lastAttempt: boolean },
): Promise<void> {
  if (message.kind === "feedback") await proposeDisliked(message, dependencies);
  else if (message.kind === "shadow") await shadowTurns(message, dependencies, lastAttempt);
  else await scoreSampled(message, dependencies, lastAttempt);
}

async function proposeDisliked(
  { flow, day, turn }: Disliked,
  { store }: Pick<MonitorDependencies, "store">,
): Promise<void> {
  const name = trafficPath.feedback(flow, day, turn);
  const said = (await readJson<Feedback>(store, "traffic", name))?.value;
  // The user has thought better of it.
  if (said?.rating !== "down") return;
  const sampled = await findTurn(store, said);
  const row = sampled ? rowOf(sampled) : sentRow(said);
  // Neither kept nor sent: there is nothing to show anybody.
  if (row) await proposeRow(store, said, row, [{ kind: "thumbs_down", comment: said.comment }]);
}

async function scoreSampled(
  message: Sampled,
  dependencies: MonitorDependencies,
  giveUp: boolean,
): Promise<void> {
  const { flow, day, blob, turns: names } = message;
  const { store, traffic } = dependencies;
  const wanted = new Set(names);
  const turns = (await readTurns(store, blob)).filter(({ turn }) => wanted.has(turn));
  const file = trafficPath.scores(flow, day, names[0] ?? "");
  const known = (await readJson<OnlineScores>(store, "traffic", file))?.value;
  const scored = known ?? (await scoreAll(flow, turns, dependencies, giveUp));
  // Another delivery may have come first: its scores stand, and it reports them.
  if (!known && scored && (await createJson(store, "traffic", file, scored))) {
    reportOnlineScores(scored, dependencies);
  }
  for (const { turn: id, scores } of scored?.turns ?? []) {
    const turn = turns.find((one) => one.turn === id);
    const why = failures(scores);
    if (!turn || why.length === 0) continue;
    const { session } = turn;
    const defects = why.map((failed) => (failed.metric === scored?.guardrail ? "guardrail" : "online_score"));
    traffic.record({
      serving: turn,
      session: { hash: session },
      defects: [...new Set(defects)],
      requests: 0,
    });
    await proposeRow(store, turn, rowOf(turn), why);
  }
  await traffic.flush();
}

/** Undefined where the flow is not watched any more. */
async function scoreAll(
  flow: string,
  turns: readonly SampledTurn[],
  dependencies: MonitorDependencies,
  giveUp: boolean,
): Promise<OnlineScores | undefined> {
  const { store, clock, telemetry } = dependencies;
  const plan = await readMonitoringPlan(store, flow);
  if (!plan) return undefined;
  const evaluators = await evaluatorsOf(flow, plan, dependencies);
  const calls = evaluators.reduce((sum, { judgeCalls = 0 }) => sum + judgeCalls, 0);
  const budget = onlineBudget(flow, plan.monitoring.dailyBudget, calls, dependencies);
  const guardrail = plan.monitoring.groundedness === undefined ? undefined : GUARDRAIL_METRIC;
  const result: OnlineScores = { flow, suite: plan.suite, guardrail, at: "", turns: [], unpaid: [] };
  for (const turn of turns) {
    if (!(await budget.allowsNext())) {
      result.unpaid.push(turn.turn);
      continue;
    }
    const scores = await scoreTurn(turn, evaluators, budget.record, giveUp, dependencies);
    result.turns.push({ turn: turn.turn, version: turn.version, scores });
  }
  await budget.flush();
  if (result.unpaid.length > 0) {
    const attributes = { "flowgate.flow": flow, "flowgate.turns": result.unpaid.length };
    telemetry.event("flowgate.monitoring.budget_spent", attributes);
  }
  return { ...result, at: clock.now().toISOString() };
}

async function evaluatorsOf(
  flow: string,
  { suite, monitoring: { evaluators: names, groundedness } }: WatchedPlan,
  { store }: Pick<MonitorDependencies, "store">,
): Promise<Evaluator[]> {
  const all = await suiteEvaluators(store, await readSuite(store, flow, suite));
  const asked = all.filter((evaluator) => names.includes(evaluator.name) && !needsDataset(evaluator));
  if (groundedness === undefined) return asked;
  const guardrail = bindEvaluator({ name: GUARDRAIL_METRIC, use: GUARDRAIL_METRIC, threshold: groundedness });
  return [...asked.filter(({ name }) => name !== GUARDRAIL_METRIC), guardrail];
}

function failures(scores: Readonly<Record<string, Score>>): FailedScore[] {
  return Object.entries(scores).flatMap(([metric, { value, passed, reason }]): FailedScore[] =>
    passed === false && value !== null ? [{ kind: "online_score", metric, value, reason }] : [],
  );
}

function rowOf({ inputs, answer, context }: SampledTurn): ProposedRow {
  return { fields: inputs, answer, context };
}

function sentRow({ sent }: Feedback): ProposedRow | undefined {
  return sent && { fields: sent.inputs, answer: sent.answer, context: undefined };
}
