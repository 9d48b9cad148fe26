import { beforeEach, describe, expect, test } from "vitest";
import { createTrafficRecorder } from "../../../pipelines/chat/record-traffic.ts";
import { decideProposal } from "../../../pipelines/monitor/decide-proposal.ts";
import { deleteOldTraffic } from "../../../pipelines/monitor/delete-old-traffic.ts";
import { listProposals } from "../../../pipelines/monitor/list-proposals.ts";
import type { MonitorDependencies } from "../../../pipelines/monitor/monitor-dependencies.ts";
import { monitorTurns } from "../../../pipelines/monitor/monitor-turns.ts";
import { ConflictError, ModelError, NotFoundError, RetryLaterError } from "../../../shared/errors.ts";
import type { Monitoring } from "../../../shared/model/flow.ts";
import type {
  Feedback,
  OnlineScores,
  RowProposal,
  SampledTurn,
} from "../../../shared/model/monitored-turn.ts";
import { redactText } from "../../../shared/evaluators/safety/redact-personal-data.ts";
import type { ShadowComparison } from "../../../shared/model/shadow.ts";
import type { TrafficRollup } from "../../../shared/model/traffic.ts";
import { EVALUATION_RESULT } from "../../../shared/model/telemetry-names.ts";
import { readJson } from "../../../shared/registry/json-blob.ts";
import { storeMonitoringPlan } from "../../../shared/registry/monitoring-plan.ts";
import { registryPath, trafficPath } from "../../../shared/registry/paths.ts";
import { createSpendStore } from "../../../shared/registry/spend-store.ts";
import { createEvaluateWorld, type EvaluateWorld } from "../evaluate/evaluate-world.ts";
import { FLOW } from "../intake/intake-world.ts";

const AT = "2026-01-01T00:00:00.000Z";
const DAY = "2026-01-01";
const SHARE = { arm: "canary", rollout: "r", step: 1, weight: 0.05 } as const;
const BAD = '{"reason": "It does not hang together.", "score": 1}';
const BY = { kind: "dropped", by: "Ada", at: AT } as const;

let world: EvaluateWorld;
let monitor: MonitorDependencies;
let version: string;

beforeEach(async () => {
  world = createEvaluateWorld();
  const { store, clock } = world;
  const pushed = await world.push(["When does the shop open?"]);
  version = pushed.version;
  const traffic = createTrafficRecorder({ store, clock, instance: "i1" });
  monitor = { ...world, traffic, spends: createSpendStore(store, clock, "monitor") };
  await watch({}, pushed.suite, 10);
});

/** The way production is watched from now on. */
function watch(differences: Partial<Monitoring>, suite: string, sequence: number): Promise<void> {
  const usual = { sample: 1, evaluators: ["coherence"], dailyBudget: { tokens: 100_000 }, retainDays: 30 };
  return storeMonitoringPlan(world.store, FLOW, {
    sequence,
    suite,
    monitoring: { ...usual, ...differences },
  });
}

const idOf = (index: number): string =>
  `${(Date.parse(AT) / 1000).toString(16)}${String(index).padStart(24, "0")}`;

function sampled(index: number): SampledTurn {
  return {
    flow: FLOW,
    version,
    share: SHARE,
    turn: idOf(index),
    at: AT,
    session: `session-${index}`,
    inputs: { question: `What is in aisle ${index}?` },
    answer: `Answer ${index}.`,
    context: "It opens at 9.",
    documents: [],
  };
}

const BLOB = trafficPath.turns(FLOW, DAY, "00-00", "i1");

async function sample(count: number): Promise<Parameters<typeof monitorTurns>[0]> {
  const turns = Array.from({ length: count }, (_, index) => sampled(index));
  await world.store.append("traffic", BLOB, turns.map((turn) => `${JSON.stringify(turn)}\n`).join(""));
  return { kind: "sampled", flow: FLOW, day: DAY, blob: BLOB, turns: turns.map(({ turn }) => turn) };
}

const handle = (message: Parameters<typeof monitorTurns>[0], lastAttempt = false): Promise<void> =>
  monitorTurns(message, monitor, { lastAttempt });

const proposed = async (): Promise<RowProposal[]> => (await listProposals(world.store, FLOW)).proposals;

async function scores(): Promise<OnlineScores | undefined> {
  return (await readJson<OnlineScores>(world.store, "traffic", trafficPath.scores(FLOW, DAY, idOf(0))))
    ?.value;
}

async function rollups(): Promise<TrafficRollup[]> {
  const lines: TrafficRollup[] = [];
  for await (const { name } of world.store.list("traffic", trafficPath.rollups(FLOW))) {
    const text = (await world.store.read("traffic", name))?.body.toString() ?? "";
    for (const line of text.split("\n")) if (line !== "") lines.push(JSON.parse(line) as TrafficRollup);
  }
  return lines;
}

describe("sampled turns", () => {
  test("are scored by the suite's evaluators, and telemetry is told of it once, as online", async () => {
    const message = await sample(2);
    await handle(message);
    await handle(message);
    expect((await scores())?.turns.map((turn) => turn.scores)).toEqual([
      { coherence: { value: 4, passed: true, reason: "It hangs together." } },
      { coherence: { value: 4, passed: true, reason: "It hangs together." } },
    ]);
    expect(world.calls.map(({ purpose }) => purpose)).toEqual(["judge", "judge"]);
    const events = world.telemetry.events.filter(({ name }) => name === EVALUATION_RESULT);
    expect(events).toHaveLength(2);
    expect(events[0]?.attributes).toMatchObject({
      "gen_ai.evaluation.name": "coherence",
      "gen_ai.evaluation.score.value": 4,
      "gen_ai.evaluation.score.label": "pass",
      "flowgate.evaluation.source": "online",
      "flowgate.version": version,
    });
    expect(JSON.stringify(events)).not.toMatch(/aisle|Answer|hangs/);
    expect(await proposed()).toEqual([]);
    expect(await rollups()).toEqual([]);
  });

  test("that fail count as a defect of the arm that answered, and are proposed", async () => {
    world.script.judge = (question) => (question.includes("aisle 1?") ? BAD : BAD.replace("1", "5"));
    const message = await sample(2);
    await handle(message);
    await handle(message);
    const defects = (await rollups()).map(({ rollout, arms }) => ({ rollout, ...arms.canary }));
    expect(new Set(defects.flatMap((arm) => arm.defects?.online_score))).toEqual(new Set(["session-1"]));
    expect(defects[0]).toMatchObject({ rollout: "r", version, requests: 0 });
    expect(await proposed()).toEqual([
      {
        flow: FLOW,
        turn: idOf(1),
        version,
        at: AT,
        why: [{ kind: "online_score", metric: "coherence", value: 1, reason: "It does not hang together." }],
        row: { fields: { question: "What is in aisle 1?" }, answer: "Answer 1.", context: "It opens at 9." },
      },
    ]);
  });

  test("whose groundedness a guardrail asks for are that guardrail's defect below its score, listed or not", async () => {
    const suite = (await world.intake.suites())[0]?.id ?? "";
    world.script.judge = () => BAD.replace("1", "3");
    await watch({ evaluators: [], groundedness: 4 }, suite, 11);
    await handle(await sample(1));
    expect((await rollups()).map(({ arms }) => arms.canary?.defects)).toEqual([{ guardrail: ["session-0"] }]);
    expect(await proposed()).toMatchObject([{ why: [{ metric: "groundedness", value: 3 }] }]);
  });

  test("are not scored beyond the day's budget, and the day after they are", async () => {
    const suite = (await world.intake.suites())[0]?.id ?? "";
    await watch({ dailyBudget: { tokens: 1_520 } }, suite, 11);
    await handle(await sample(5));
    // A first call is guessed to take 1,500 tokens; those after it take 15 each, as the first did.
    expect((await scores())?.turns).toHaveLength(5);
    await watch({ dailyBudget: { tokens: 100 } }, suite, 12);
    const more = { kind: "sampled", flow: FLOW, day: DAY, blob: BLOB } as const;
    await handle({ ...more, turns: [idOf(1), idOf(2), idOf(3)] });
    const second = trafficPath.scores(FLOW, DAY, idOf(1));
    const found = (await readJson<OnlineScores>(world.store, "traffic", second))?.value;
    expect([found?.turns.length, found?.unpaid]).toEqual([1, [idOf(2), idOf(3)]]);
    expect(world.telemetry.events).toContainEqual({
      name: "flowgate.monitoring.budget_spent",
      attributes: { "flowgate.flow": FLOW, "flowgate.turns": 2 },
    });
    world.intake.clock.advance(86_400_000);
    await watch({ dailyBudget: { tokens: 1_600 } }, suite, 13);
    await handle({ ...more, turns: [idOf(2)] });
    const third = trafficPath.scores(FLOW, DAY, idOf(2));
    expect((await readJson<OnlineScores>(world.store, "traffic", third))?.value.turns).toHaveLength(1);
  });

  test("whose judge cannot be reached are tried again, and on the last attempt have no score and no defect", async () => {
    world.script.judge = () => new ModelError("busy", { kind: "throttled", status: 429 });
    const message = await sample(1);
    await expect(handle(message)).rejects.toThrow(RetryLaterError);
    expect(await scores()).toBeUndefined();
    await handle(message, true);
    expect((await scores())?.turns[0]?.scores["coherence"]).toMatchObject({ value: null });
    expect(await rollups()).toEqual([]);
    expect(await proposed()).toEqual([]);
  });

  test("of a flow that is not watched any more are left alone", async () => {
    await storeMonitoringPlan(world.store, FLOW, { sequence: 11, suite: "none" });
    await handle(await sample(1));
    expect(world.calls).toEqual([]);
    expect(await scores()).toBeUndefined();
  });
});

describe("a disliked turn", () => {
  const message = { kind: "feedback", flow: FLOW, day: DAY, turn: idOf(0) } as const;
  async function dislike(differences: Partial<Feedback> = {}): Promise<void> {
    const { turn, at, session } = sampled(0);
    const said = { flow: FLOW, version, turn, at, session, rating: "down", saidAt: AT, ...differences };
    await world.store.write("traffic", trafficPath.feedback(FLOW, DAY, turn), JSON.stringify(said));
    await handle(message);
  }

  test("is proposed with what was kept of it and the user's words, once", async () => {
    await sample(1);
    await dislike({ comment: "No." });
    await dislike({ comment: "No." });
    expect(await proposed()).toMatchObject([
      { turn: idOf(0), why: [{ kind: "thumbs_down", comment: "No." }], row: { answer: "Answer 0." } },
    ]);
  });

  test("that was not kept is proposed with what the client sent, and without that not at all", async () => {
    await dislike();
    expect(await proposed()).toEqual([]);
    await dislike({ sent: { inputs: { question: "Sent?" }, answer: undefined } });
    expect(await proposed()).toMatchObject([{ row: { fields: { question: "Sent?" } } }]);
  });

  test("is not proposed once the user has thought better of it", async () => {
    await sample(1);
    await dislike({ rating: "up" });
    expect(await proposed()).toEqual([]);
  });
});

describe("a turn that the candidate answers too", () => {
  const file = trafficPath.shadow(FLOW, "r", idOf(0));
  const comparison = async (): Promise<ShadowComparison | undefined> =>
    (await readJson<ShadowComparison>(world.store, "traffic", file))?.value;
  let message: Parameters<typeof monitorTurns>[0];
  beforeEach(async () => {
    const pointer = { rollout: { id: "r" }, canary: { version, step: 0 } };
    await world.store.write("registry", registryPath.release(FLOW), JSON.stringify(pointer));
    await sample(3);
    const turns = [idOf(0), idOf(1), idOf(2)];
    message = { kind: "shadow", flow: FLOW, blob: BLOB, turns, rollout: "r", version };
    // The judge prefers whichever answer comes first where the question is the second, and the candidate's else.
    world.judgeFor = () => async (request) => {
      const said = JSON.stringify(request.messages);
      const isFirst = said.indexOf("An answer to:") < said.search(/Answer \d\./);
      const score = said.includes("aisle 1?") || isFirst ? 1 : 3;
      return JSON.stringify({ reason: "It is better.", score });
    };
    monitor = { ...monitor, judgeFor: world.judgeFor };
  });

  test("is compared in both orders, once, and nobody is told of it", async () => {
    world.script.answer = (question) =>
      question.includes("aisle 2") ? new ModelError("no", { kind: "empty" }) : `An answer to: ${question}`;
    await handle(message);
    await handle(message);
    expect((await comparison())?.turns).toEqual([
      { turn: idOf(0), preference: 1 },
      { turn: idOf(1), preference: 0.5 },
      { turn: idOf(2), preference: 0, error: "empty" },
    ]);
    expect(world.calls.filter(({ purpose }) => purpose === "answer")).toHaveLength(3);
    expect(await rollups()).toEqual([]);
    expect(JSON.stringify(await comparison())).not.toContain("answer");
  });

  test("that holds personal data is compared without it in both answers, and equal ones need no judge", async () => {
    const kept = sampled(0);
    const served = "Write to ada.lovelace@example.com.";
    const line = JSON.stringify({ ...kept, answer: await redactText(served) });
    await world.store.append("traffic", BLOB.replace("00-00", "00-01"), `${line}\n`);
    world.script.answer = () => served;
    let judged = 0;
    monitor = {
      ...monitor,
      judgeFor: () => async () => {
        judged++;
        return JSON.stringify({ reason: "It is better.", score: 1 });
      },
    };
    await handle({ ...message, blob: BLOB.replace("00-00", "00-01"), turns: [idOf(0)] } as typeof message);
    expect(await redactText(served)).not.toBe(served);
    expect((await comparison())?.turns).toEqual([{ turn: idOf(0), preference: 0.5 }]);
    expect(judged).toBe(0);
  });

  test("is not answered once the rollout has gone on", async () => {
    const pointer = { rollout: { id: "r" }, canary: { version, step: 1 } };
    await world.store.write("registry", registryPath.release(FLOW), JSON.stringify(pointer));
    await handle(message);
    expect(world.calls).toEqual([]);
    expect(await comparison()).toBeUndefined();
  });

  test("is tried again where the model is busy, and on the last attempt shows nothing", async () => {
    world.script.answer = () => new ModelError("busy", { kind: "throttled", status: 429 });
    await expect(handle(message)).rejects.toThrow(RetryLaterError);
    await handle(message, true);
    expect((await comparison())?.turns.map(({ preference }) => preference)).toEqual([null, null, null]);
  });

  test("is paid from the budget for watching production", async () => {
    const suite = (await world.intake.suites())[0]?.id ?? "";
    await watch({ dailyBudget: { tokens: 10 } }, suite, 11);
    await handle(message);
    expect((await comparison())?.turns).toEqual([]);
    expect(world.calls).toEqual([]);
  });
});

describe("a person's decision", () => {
  beforeEach(async () => {
    world.script.judge = () => BAD;
    await handle(await sample(2));
  });

  test("is remembered, what was shown is forgotten, and no new reason brings it back", async () => {
    const decided = await decideProposal(world.store, FLOW, idOf(0), BY);
    expect(decided).toMatchObject({ decision: BY });
    expect(JSON.stringify(decided)).not.toMatch(/aisle|Answer|hang/);
    expect((await proposed()).map(({ turn }) => turn)).toEqual([idOf(1)]);
    const said = { ...sampled(0), rating: "down", saidAt: AT };
    await world.store.write("traffic", trafficPath.feedback(FLOW, DAY, idOf(0)), JSON.stringify(said));
    await handle({ kind: "feedback", flow: FLOW, day: DAY, turn: idOf(0) });
    expect((await proposed()).map(({ turn }) => turn)).toEqual([idOf(1)]);
  });

  test("said twice is one, said otherwise is a conflict, and of what is not there is not found", async () => {
    await decideProposal(world.store, FLOW, idOf(0), BY);
    await expect(decideProposal(world.store, FLOW, idOf(0), BY)).resolves.toMatchObject({ decision: BY });
    const otherwise = decideProposal(world.store, FLOW, idOf(0), { ...BY, kind: "accepted" });
    await expect(otherwise).rejects.toThrow(ConflictError);
    for (const turn of [idOf(9), "../../x", ""]) {
      await expect(decideProposal(world.store, FLOW, turn, BY)).rejects.toThrow(NotFoundError);
    }
  });

  test("is asked for by the flow's name, and an unknown one is told those there are", async () => {
    await expect(listProposals(world.store, "nobody")).rejects.toThrow(`Known flows: ${FLOW}`);
  });
});

test("turns, scores, feedback and proposals are deleted once they are older than the flow keeps them", async () => {
  world.script.judge = () => BAD;
  await handle(await sample(1));
  await world.store.write("traffic", trafficPath.feedback(FLOW, DAY, idOf(0)), "{}");
  const left = async (): Promise<string[]> => {
    const names: string[] = [];
    for await (const { name } of world.store.list("traffic", `${FLOW}/`)) {
      const kind = name.split("/")[1] ?? "";
      if (kind !== "rollups") names.push(kind);
    }
    return names;
  };
  const reports: string[] = [];
  world.intake.clock.advance(30 * 86_400_000);
  await deleteOldTraffic(monitor, (message) => void reports.push(message));
  expect(await left()).toEqual(["feedback", "proposals", "scores", "turns"]);
  world.intake.clock.advance(86_400_000);
  await deleteOldTraffic(monitor, (message) => void reports.push(message));
  expect(await left()).toEqual([]);
  expect(reports).toEqual([]);
});

test("what rollouts were judged by is deleted after 90 days, and not before", async () => {
  const { store, clock } = world.intake;
  const blobs = [
    trafficPath.rollup(FLOW, "2026-01-01T00", "05", "i1"),
    trafficPath.shadow(FLOW, "r", idOf(0)),
  ];
  for (const name of blobs) await store.write("traffic", name, "{}");
  const left = async (): Promise<string[]> => {
    const names: string[] = [];
    for await (const { name } of store.list("traffic", `${FLOW}/`))
      if (blobs.includes(name)) names.push(name);
    return names;
  };
  clock.advance(90 * 86_400_000 - 3_600_000);
  await deleteOldTraffic(monitor, () => undefined);
  expect(await left()).toEqual(blobs);
  clock.advance(2 * 3_600_000);
  await deleteOldTraffic(monitor, () => undefined);
  expect(await left()).toEqual([]);
});
