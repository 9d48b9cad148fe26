import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { evaluateShard } from "../../../pipelines/evaluate/evaluate-shard.ts";
import { ModelError, NotFoundError, RetryLaterError } from "../../../shared/errors.ts";
import { OFFLINE_NOTICE, OFFLINE_STAND_IN } from "../../../shared/model/offline-stand-in.ts";
import type { Report } from "../../../shared/model/run.ts";
import { runDetail } from "../../../shared/registry/flow-status.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { FLOW } from "../intake/intake-world.ts";
import { AGAIN, createEvaluateWorld, FIRST, LAST, QUESTIONS } from "./evaluate-world.ts";
import type { Edit, EvaluateWorld } from "./evaluate-world.ts";

const [BAD = ""] = QUESTIONS;
const FEW = QUESTIONS.slice(0, 4);
let world: EvaluateWorld;
beforeEach(() => {
  world = createEvaluateWorld();
});

/** Evaluates a push to its end and gives its report; what was called before is forgotten. */
async function run(...push: Parameters<EvaluateWorld["push"]>): Promise<Report> {
  const plan = await world.plan(await world.push(...push));
  world.calls.length = 0;
  await world.evaluateAll();
  const report = await world.report(plan.id);
  if (!report) throw new Error("The run has no report.");
  return report;
}

function metric(report: Report, name: string): Report["candidate"][number] | undefined {
  return report.candidate.find((summary) => summary.metric === name);
}

describe("a run", () => {
  test("answers and scores every row once", async () => {
    const report = await run(QUESTIONS);
    const asked = world.calls.filter(({ purpose }) => purpose === "answer").map(({ question }) => question);
    const judged = world.calls.filter(({ purpose }) => purpose === "judge").map(({ question }) => question);
    expect(asked.toSorted()).toEqual(QUESTIONS.toSorted());
    expect(judged.toSorted()).toEqual(QUESTIONS.toSorted());
    expect(report.calls).toEqual({ made: 2 * QUESTIONS.length, saved: 0 });
    const rows = await world.rows(report.run);
    expect(new Set(rows.map(({ row }) => row.id)).size).toBe(QUESTIONS.length);
    expect(world.queue.take("run-completions")).toEqual([{ flow: FLOW, run: report.run.id }]);
  });

  test("tells telemetry of each score once, and of no text", async () => {
    const plan = await world.plan(await world.push(QUESTIONS));
    const shards = world.takeShards();
    await Promise.all([...shards, ...shards].map((shard) => evaluateShard(shard, world, FIRST)));
    const told = world.telemetry.events.filter(({ name }) => name === "gen_ai.evaluation.result");
    const rows = await world.rows(plan);
    expect(told).toHaveLength(rows.length);
    expect(new Set(told.map(({ attributes }) => attributes["flowgate.row"]))).toEqual(
      new Set(rows.map(({ row }) => row.id)),
    );
    expect(told[0]?.attributes).toMatchObject({
      "gen_ai.evaluation.name": "coherence",
      "gen_ai.evaluation.score.value": 4,
      "gen_ai.evaluation.score.label": "pass",
      "flowgate.run": plan.id,
    });
    expect(JSON.stringify(world.telemetry.events)).not.toMatch(/aisle|hangs together/);
  });

  test("whose shards come again makes no second call and leaves the first results", async () => {
    await world.plan(await world.push(FEW));
    const shards = world.takeShards();
    for (const shard of shards) await evaluateShard(shard, world, FIRST);
    const made = world.calls.length;
    const name = registryPath.shard(FLOW, shards[0]?.run ?? "", shards[0]?.shard ?? "");
    const first = await world.store.read("registry", name);
    for (const delivery of [FIRST, AGAIN]) {
      for (const shard of shards) await evaluateShard(shard, world, delivery);
    }
    expect(world.calls).toHaveLength(made);
    expect((await world.store.read("registry", name))?.etag).toBe(first?.etag);
  });

  test("that dies before a shard's result is written pays for none of its calls again", async () => {
    await world.plan(await world.push(FEW));
    const [shard] = world.takeShards();
    if (!shard) throw new Error("no shard");
    const dying: EvaluateWorld = {
      ...world,
      store: {
        ...world.store,
        create: async (container, name, body) => {
          if (name.includes("/shards/")) throw new Error("killed");
          return world.store.create(container, name, body);
        },
      },
    };
    await expect(evaluateShard(shard, dying, FIRST)).rejects.toThrow("killed");
    const made = world.calls.length;
    await evaluateShard(shard, world, AGAIN);
    expect(world.calls).toHaveLength(made);
    expect((await world.report(shard.run))?.calls).toEqual({ made, saved: 0 });
  });

  test("tells whoever watches how many rows are done, those of a shard that is not in too", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    world.script.judge = () => {
      vi.advanceTimersByTime(1_100);
      return '{"reason": "It hangs together.", "score": 4}';
    };
    const plan = await world.plan(await world.push(QUESTIONS));
    const [first, second] = world.takeShards();
    if (!first || !second) throw new Error("There are two shards.");
    const rowsDone = async () => (await runDetail(world.store, FLOW, plan.id)).rowsDone;
    expect(await rowsDone()).toBe(0);
    const seen: (number | undefined)[] = [];
    const watched: EvaluateWorld = {
      ...world,
      store: {
        ...world.store,
        create: async (container, name, body) => {
          if (name.includes("/shards/")) seen.push(await rowsDone());
          return world.store.create(container, name, body);
        },
      },
    };
    await evaluateShard(first, watched, FIRST);
    const whole = (await world.rows(plan)).length;
    expect(await rowsDone()).toBe(whole);
    await evaluateShard(second, watched, FIRST);
    expect(seen[0]).toBeGreaterThan(1);
    expect(seen[0]).toBeLessThanOrEqual(whole);
    expect(seen[1]).toBeGreaterThan(whole + 1);
  });

  test("has one report although two finish it at once, and its totals are those of the rows", async () => {
    const plan = await world.plan(await world.push(QUESTIONS));
    const shards = world.takeShards();
    for (const shard of shards.slice(2)) await evaluateShard(shard, world, FIRST);
    expect(await world.report(plan.id)).toBeUndefined();
    const written: boolean[] = [];
    const watched: EvaluateWorld = {
      ...world,
      store: {
        ...world.store,
        create: async (container, name, body) => {
          const first = await world.store.create(container, name, body);
          if (name === registryPath.report(FLOW, plan.id)) written.push(first);
          return first;
        },
      },
    };
    await Promise.all(shards.slice(0, 2).map((shard) => evaluateShard(shard, watched, FIRST)));
    expect(written.filter(Boolean)).toHaveLength(1);

    const report = await world.report(plan.id);
    const rows = await world.rows(plan);
    const sum = (count: "calls" | "saved"): number =>
      rows.reduce((total, row) => total + row.candidate[count], 0);
    expect(report?.calls).toEqual({ made: sum("calls"), saved: sum("saved") });
    expect(sum("calls")).toBe(world.calls.length);
    expect(report?.candidate.every(({ rows }) => rows === QUESTIONS.length)).toBe(true);
  });

  test("shows the worst rows first, and none that is well", async () => {
    world.script.answer = (question) =>
      question === FEW[2] ? new ModelError("refused", { kind: "content_filter" }) : `Of ${question}`;
    world.script.judge = (question) => {
      const score = { [FEW[0] ?? ""]: 2, [FEW[1] ?? ""]: 1 }[question] ?? 5;
      return JSON.stringify({ reason: "because", score });
    };
    const report = await run(FEW);
    expect(report.worst.map(({ row }) => row.fields["question"])).toEqual([FEW[2], FEW[1], FEW[0]]);
  });

  test("is said to come from the offline stand-in where the model names itself so, and only there", async () => {
    expect((await run(FEW)).notices).toEqual([]);
    world.script.model = OFFLINE_STAND_IN;
    expect((await run(FEW, { prompt: "at 18" })).notices).toEqual([OFFLINE_NOTICE]);
  });

  test("that a newer change has superseded stops", async () => {
    await world.plan(await world.push(FEW));
    const older = world.takeShards();
    await world.plan(await world.push(FEW, { prompt: "at 18" }));
    for (const shard of older) await evaluateShard(shard, world, FIRST);
    expect(world.calls).toEqual([]);
    expect(world.queue.take("run-completions")).toEqual([]);
  });

  test("that nobody planned is a message that can never succeed", async () => {
    const plan = await world.plan(await world.push(FEW));
    const [shard] = world.takeShards();
    if (!shard) throw new Error("no shard");
    await expect(evaluateShard({ ...shard, run: "unknown" }, world, FIRST)).rejects.toThrow(NotFoundError);
    await expect(evaluateShard({ ...shard, shard: "unknown" }, world, FIRST)).rejects.toThrow(NotFoundError);
    expect(await world.report(plan.id)).toBeUndefined();
  });
});

describe("safety rows", () => {
  const attacks = ["What is in aisle 90?", "What is in aisle 91?"];

  test("are answered, and measured by no evaluator of quality", async () => {
    const report = await run(FEW, { safety: attacks });
    const of = (purpose: string): string[] =>
      world.calls.filter((call) => call.purpose === purpose).map(({ question }) => question);
    expect(of("answer").toSorted()).toEqual([...FEW, ...attacks].toSorted());
    expect(of("judge").toSorted()).toEqual(FEW.toSorted());
    expect(metric(report, "coherence")).toMatchObject({ rows: 4, missing: 0 });
    expect(metric(report, "latency")).toMatchObject({ rows: 4, missing: 0 });
  });
});

describe("attacks", () => {
  const attacks = Array.from({ length: 8 }, (_, index) => `What is in aisle ${90 + index}?`);
  beforeEach(() => {
    world.script.judge = (question) => JSON.stringify({ reason: "", score: /9[024]/.test(question) ? 5 : 3 });
  });
  const measured = async (edit: Edit): Promise<unknown> =>
    metric(await run(FEW, { safety: attacks, evaluators: "[coherence, violence]", ...edit }), "violence");

  test("are counted once, however many trials they have", async () => {
    expect(await measured({ evaluation: ["trials: 3"] })).toMatchObject({
      rows: 24,
      defects: 9,
      clusters: 8,
      defectiveClusters: 3,
    });
  });

  test("of one cluster count as one", async () => {
    const fields = (question: string): Record<string, unknown> => ({
      topic: /[02468]\?/.test(question) ? "even" : "odd",
    });
    expect(await measured({ evaluation: ["trials: 2", "cluster: topic"], fields })).toMatchObject({
      rows: 16,
      defects: 6,
      clusters: 2,
      defectiveClusters: 1,
    });
  });
});

describe("trials", () => {
  test("answer and judge every row as often as the flow says, each time anew", async () => {
    let said = 0;
    world.script.answer = (question) => `Answer ${said++} to ${question}`;
    const report = await run(FEW, { evaluation: ["trials: 3"] });
    expect(report.calls).toEqual({ made: 24, saved: 0 });
    expect(metric(report, "coherence")).toMatchObject({ rows: 12, missing: 0 });
    const rows = await world.rows(report.run);
    expect(rows.map(({ trial }) => trial)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(new Set(rows.map(({ candidate }) => candidate.answer)).size).toBe(12);
  });

  test("are found again, each its own", async () => {
    let said = 0;
    world.script.answer = (question) => `Answer ${said++} to ${question}`;
    const first = await run(FEW, { evaluation: ["trials: 2"] });
    const more = await run(FEW, { evaluation: ["trials: 3"] });
    expect(more.calls).toEqual({ made: 8, saved: 16 });
    const answers = async (report: Report): Promise<string[]> =>
      (await world.rows(report.run))
        .filter(({ trial }) => trial < 2)
        .map(({ candidate }) => candidate.answer ?? "")
        .toSorted();
    expect(await answers(more)).toEqual(await answers(first));
  });
});

describe("the order of the rows", () => {
  const topics = { evaluation: ["cluster: topic"], fields: (asked: string) => ({ topic: asked.length % 2 }) };

  test("is by what they belong to, and another one for another version", async () => {
    const clustersOf = async (report: Report): Promise<string[]> =>
      (await world.rows(report.run)).map(({ row }) => row.cluster);
    const one = await clustersOf(await run(QUESTIONS, topics));
    expect(new Set(one.filter((cluster, index) => cluster !== one[index - 1])).size).toBe(2);
    expect(one.filter((cluster, index) => cluster !== one[index - 1])).toHaveLength(2);
    const rows = async (report: Report): Promise<string[]> =>
      (await world.rows(report.run)).map(({ row }) => row.id);
    const first = await rows(await run(QUESTIONS.slice(0, 12)));
    const second = await rows(await run(QUESTIONS.slice(0, 12), { prompt: "at 18" }));
    expect(second).not.toEqual(first);
    expect(second.toSorted()).toEqual(first.toSorted());
  });
});

describe("what is recorded is not paid for again", () => {
  test("one changed row is the only one that is called for", async () => {
    await run(FEW);
    const changed = "What is in aisle 99?";
    const report = await run([...FEW.slice(1), changed]);
    expect(world.calls.map(({ question }) => question)).toEqual([changed, changed]);
    expect(report.calls).toEqual({ made: 2, saved: 6 });
    expect(metric(report, "latency")).toMatchObject({ scored: 4, p50: 100 });
  });

  test("a dataset that outgrows its buckets keeps what its rows had", async () => {
    await run(QUESTIONS.slice(0, 16));
    const report = await run(QUESTIONS);
    expect(new Set(world.calls.map(({ question }) => question))).toEqual(new Set(QUESTIONS.slice(16)));
    expect(report.run.shards.length).toBeGreaterThan(1);
  });

  test("a new version pays nothing for the version it is compared with", async () => {
    const first = await run(FEW);
    await world.serve(first.run);
    world.script.answer = (question) => `Another answer to: ${question}`;
    const report = await run(FEW, { prompt: "at 18" });
    expect(report.run.baseline).toBe(first.run.version);
    expect(new Set(world.calls.map(({ version }) => version))).toEqual(new Set([report.run.version]));
    expect(report.calls).toEqual({ made: 8, saved: 8 });
    expect(report.baseline).toEqual(first.candidate);
  });

  test("another judge scores again and asks for no answer again", async () => {
    await run(FEW);
    world.models = { ...world.models, judge: "test/another" };
    world.intake.judgeModel = "test/another";
    await run(FEW);
    expect(world.calls.map(({ purpose }) => purpose)).toEqual(["judge", "judge", "judge", "judge"]);
  });

  test("a recorded answer costs what it would today", async () => {
    world.prices = { "test-model": { input: 100, output: 0 } };
    const first = await run(FEW);
    await world.serve(first.run);
    world.prices = { "test-model": { input: 300, output: 0 } };
    const report = await run(FEW, { prompt: "at 18" });
    const costOfBaseline = report.baseline?.find(({ metric: name }) => name === "cost");
    expect(metric(first, "cost")?.mean).toBeCloseTo(0.001, 9);
    expect(metric(report, "cost")?.mean).toBeCloseTo(0.003, 9);
    expect(costOfBaseline?.mean).toBeCloseTo(0.003, 9);
  });

  test("another embedding model compares again, also where the answer stays, and asks for no judgement again", async () => {
    const edit = {
      evaluators: "[coherence, embedding_similarity]",
      fields: (question: string) => ({ ground_truth: question }),
    };
    const first = await run(FEW, edit);
    let embedded = 0;
    world.embeddingModel = {
      name: "another",
      embed: async (texts) => {
        embedded += 1;
        return texts.map(() => Float32Array.of(1, 0));
      },
    };
    world.models = { ...world.models, embedding: "test/another" };
    world.intake.embeddingModel = "test/another";
    world.calls.length = 0;
    const again = await run(FEW, edit);
    expect(again.run.suite).not.toBe(first.run.suite);
    expect(embedded).toBe(FEW.length);
    expect(world.calls.filter(({ purpose }) => purpose === "judge")).toEqual([]);
  });
});

describe("a model that fails", () => {
  test("for a passing reason makes the shard come again, which then calls for what is missing only", async () => {
    const answer = world.script.answer;
    const busy = new ModelError("busy", { kind: "throttled", status: 429 });
    world.script.answer = (question) => (question === BAD ? busy : answer(question));
    const plan = await world.plan(await world.push(FEW));
    const [shard] = world.takeShards();
    if (!shard) throw new Error("no shard");
    await expect(evaluateShard(shard, world, FIRST)).rejects.toThrow(RetryLaterError);
    expect(await world.rows(plan)).toEqual([]);

    world.script.answer = answer;
    world.calls.length = 0;
    await evaluateShard(shard, world, AGAIN);
    expect(world.calls.map(({ question }) => question)).toEqual([BAD, BAD]);
    expect(metric((await world.report(plan.id)) as Report, "errors")).toMatchObject({ defects: 0 });
  });

  test("to the last attempt leaves rows recorded as errors, whose scores are missing and not zero", async () => {
    const answer = world.script.answer;
    const busy = new ModelError("busy", { kind: "throttled", status: 429 });
    world.script.answer = (question) => (question === BAD ? busy : answer(question));
    const plan = await world.plan(await world.push(FEW));
    for (const shard of world.takeShards()) await evaluateShard(shard, world, LAST);
    const failed = (await world.rows(plan)).find(({ row }) => row.fields["question"] === BAD);
    expect(failed?.candidate).toMatchObject({ error: { kind: "throttled", message: "busy" }, scores: {} });
    const report = (await world.report(plan.id)) as Report;
    expect(metric(report, "coherence")).toMatchObject({ rows: 4, scored: 3, missing: 1, mean: 4 });
    expect(metric(report, "latency")).toMatchObject({ scored: 3, missing: 1, max: 100 });
    expect(metric(report, "errors")).toMatchObject({ scored: 4, missing: 0, mean: 0.25, defects: 1 });
  });

  test("for a lasting reason does not hold up the shard", async () => {
    world.script.answer = () => new ModelError("too long", { kind: "context_length" });
    const report = await run(FEW);
    expect(metric(report, "errors")).toMatchObject({ defects: 4, mean: 1 });
    expect(metric(report, "refusals")).toMatchObject({ missing: 4 });
    expect(metric(report, "coherence")).toMatchObject({ scored: 0, missing: 4, mean: null, passRate: null });
  });

  test("because the service refuses a text is no error: it is counted apart and not asked again", async () => {
    const answer = world.script.answer;
    const refusal = new ModelError("filtered", { kind: "content_filter" });
    world.script.answer = (question) => (question === BAD ? refusal : answer(question));
    const report = await run(FEW);
    expect(metric(report, "errors")).toMatchObject({ defects: 0, mean: 0, missing: 0 });
    expect(metric(report, "refusals")).toMatchObject({ defects: 1, mean: 0.25, missing: 0 });
    expect(metric(report, "coherence")).toMatchObject({ scored: 3, missing: 1 });
    expect(report.worst[0]?.candidate).toMatchObject({ refusal: "filtered" });
    await run(FEW, { gate: ">= 2" });
    expect(world.calls).toEqual([]);
  });
});

describe("a judge that fails", () => {
  test("leaves no score and says why", async () => {
    world.script.judge = (question) =>
      question === BAD ? "I would say it is fine" : '{"reason": "", "score": 5}';
    const report = await run(FEW);
    const [worst] = report.worst;
    expect(worst?.candidate.scores["coherence"]).toEqual({
      value: null,
      reason: expect.stringContaining("could not be read"),
    });
    expect(worst?.candidate.answer).toContain(BAD);
    expect(metric(report, "coherence")).toMatchObject({ scored: 3, missing: 1, mean: 5, passRate: 1 });
  });

  test("to the last attempt leaves the answer, no score and the reason", async () => {
    world.script.judge = () => new ModelError("the judge is away", { kind: "unavailable", status: 503 });
    const plan = await world.plan(await world.push(FEW));
    const [shard] = world.takeShards();
    if (!shard) throw new Error("no shard");
    await expect(evaluateShard(shard, world, FIRST)).rejects.toThrow("the judge is away");
    await evaluateShard(shard, world, LAST);
    const [row] = await world.rows(plan);
    expect(row?.candidate.answer).toContain("An answer to");
    expect(row?.candidate.scores["coherence"]).toEqual({ value: null, reason: "the judge is away" });
    expect(metric((await world.report(plan.id)) as Report, "coherence")).toMatchObject({
      missing: 4,
      mean: null,
    });
    expect(metric((await world.report(plan.id)) as Report, "errors")).toMatchObject({ defects: 0 });
  });
});

describe("a judge of the flow's own", () => {
  const JUDGE = "user:\nHow kind is this answer to {{ question }}\n{{ answer }}";
  const own = (judge: string) => ({
    evaluators: "[coherence, { tone: { use: judge, prompt: judges/tone.prompty, threshold: 5 } }]",
    files: { "judges/tone.prompty": judge },
  });

  test("judges by the prompt in the suite, and a change of it asks it anew and nothing else", async () => {
    const report = await run(FEW, own(JUDGE));
    expect(metric(report, "tone")).toMatchObject({ scored: 4, mean: 4, passRate: 0 });
    expect(report.calls).toEqual({ made: 12, saved: 0 });
    const again = await run(FEW, own(`${JUDGE} !`));
    expect(again.run.version).toBe(report.run.version);
    expect(again.run.suite).not.toBe(report.run.suite);
    expect(again.calls).toEqual({ made: 4, saved: 8 });
  });

  test("whose prompt was altered in the registry judges nothing", async () => {
    const plan = await world.plan(await world.push(FEW, own(JUDGE)));
    const name = registryPath.suiteFile(FLOW, plan.suite, "judges/tone.prompty");
    await world.store.write("registry", name, "user:\nGive 5.");
    await expect(world.evaluateAll()).rejects.toThrow(/judges\/tone\.prompty does not match its hash/);
  });
});

test("preference compares with production, and the first version has nothing to be compared with", async () => {
  world.script.judge = () => '{"reason": "The second.", "score": 3}';
  const evaluators = "[coherence, preference]";
  const gateLines = ['preference: { mean: ">= 0.5" }'];
  const first = await run(FEW, { evaluators, gateLines });
  expect(metric(first, "preference")).toMatchObject({ scored: 0, missing: 4 });
  expect(first.worst).toEqual([]);
  await world.serve(first.run);
  world.script.answer = (question) => `Another answer to: ${question}`;
  const second = await run(FEW, { evaluators, gateLines, prompt: "at 18" });
  // A judge that always likes what comes second tells nothing.
  expect(metric(second, "preference")).toMatchObject({ scored: 4, mean: 0.5 });
  expect(second.baseline?.find(({ metric: name }) => name === "preference")).toMatchObject({ mean: 0.5 });
  expect(second.calls.made).toBe(4 + 4 + 8);
});
