import { beforeEach, describe, expect, test } from "vitest";
import { decide } from "../../../pipelines/decide/decide.ts";
import { evaluateShard } from "../../../pipelines/evaluate/evaluate-shard.ts";
import { createRowAdmission } from "../../../pipelines/evaluate/row-admission.ts";
import { createRunsUnderWay } from "../../../pipelines/evaluate/run-progress.ts";
import type { RunFold } from "../../../pipelines/evaluate/run-fold.ts";
import { sha256 } from "../../../shared/model/canonical.ts";
import type { Report, RowResult, RunPlan } from "../../../shared/model/run.ts";
import { readJson } from "../../../shared/registry/json-blob.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { FLOW } from "../intake/intake-world.ts";
import { AGAIN, createEvaluateWorld, FIRST } from "./evaluate-world.ts";
import type { EvaluateWorld } from "./evaluate-world.ts";

const MANY = Array.from({ length: 400 }, (_, index) => `What is in aisle ${index}?`);
const GATE = { gate: ">= 3", needsAllRows: false };
let world: EvaluateWorld;
beforeEach(() => {
  world = createEvaluateWorld();
  // 4 or 5 by the question, so that every process gives the same answers.
  world.script.judge = (question) =>
    JSON.stringify({ reason: "", score: 4 + (sha256(question) < "8" ? 1 : 0) });
});

/** The same storage and queue, as another process with a memory of its own would work on them. */
function anotherProcess(changes: Partial<EvaluateWorld> = {}): EvaluateWorld {
  const { store, clock } = { ...world, ...changes };
  return {
    ...world,
    admission: createRowAdmission(8),
    runs: createRunsUnderWay({ store, clock }),
    ...changes,
  };
}

async function foldOf(plan: RunPlan): Promise<RunFold | undefined> {
  return (await readJson<RunFold>(world.store, "registry", registryPath.fold(FLOW, plan.id)))?.value;
}

/** What a report says that does not depend on when and by whom it was measured, as the calls that were under way do. */
function findings({ candidate, rowsUsed, stoppedEarly, sequential }: Report): unknown {
  return { candidate, rowsUsed, stoppedEarly: { ...stoppedEarly, callsAvoided: undefined }, sequential };
}

async function reportOf(plan: RunPlan): Promise<Report> {
  const report = await world.report(plan.id);
  if (!report) throw new Error("The run has no report.");
  return report;
}

describe("a pass that is to speak of more than its rows", () => {
  const POPULATION = { ...GATE, evaluation: ["scope: population"] };

  test("comes early where the rows show it", async () => {
    const plan = await world.plan(await world.push(MANY, POPULATION));
    await world.evaluateAll();
    const { sequential, stoppedEarly } = await reportOf(plan);
    expect(sequential).toMatchObject({ scope: "population", outcome: "pass" });
    expect(stoppedEarly?.afterRows).toBeLessThan(400);
  });

  test("does not come of a few rows, however good: the run is inconclusive", async () => {
    const plan = await world.plan(await world.push(MANY.slice(0, 5), POPULATION));
    await world.evaluateAll();
    const report = await reportOf(plan);
    const [suite] = await world.intake.suites();
    expect(report.candidate[0]).toMatchObject({ metric: "coherence", scored: 5 });
    const verdict = suite && decide(report, suite.definition, "2026-11-26");
    expect(verdict?.outcome).toBe("inconclusive");
    expect(verdict?.requirements[0]?.reason).toContain("do not settle it for all");
  });
});

describe("a run whose verdict is certain", () => {
  test("stops, asks for no more rows, and reports exactly the rows it was certain after", async () => {
    const plan = await world.plan(await world.push(MANY, GATE));
    await world.evaluateAll();
    const report = await reportOf(plan);
    const { stoppedEarly, rowsUsed = 0 } = report;
    expect(stoppedEarly).toMatchObject({ outcome: "pass", afterRows: rowsUsed, ofRows: 400 });
    expect(rowsUsed).toBeLessThan(200);
    // The rest of the shard that made it certain was paid for, and is said to be.
    expect(report.calls.made).toBeGreaterThan(2 * rowsUsed);
    expect(report.calls.made + (stoppedEarly?.callsAvoided ?? 0)).toBe(2 * 400);
    expect(report.candidate.every(({ rows }) => rows === rowsUsed)).toBe(true);
    const asked = world.calls.filter(({ purpose }) => purpose === "answer").length;
    expect(asked).toBeLessThan(rowsUsed + 64);
    const fold = await foldOf(plan);
    expect(fold).toMatchObject({ end: "certain", stoppedAt: plan.shards[(fold?.shards ?? 0) - 1] });
    expect(world.queue.take("run-completions")).toEqual([{ flow: FLOW, run: plan.id }]);
  });

  test("stops where it does in whichever order its shards end", async () => {
    const plan = await world.plan(await world.push(MANY, GATE));
    await world.evaluateAll();
    const expected = findings(await reportOf(plan));
    world = createEvaluateWorld();
    world.script.judge = (question) =>
      JSON.stringify({ reason: "", score: 4 + (sha256(question) < "8" ? 1 : 0) });
    const again = await world.plan(await world.push(MANY, GATE));
    expect(again.shards).toEqual(plan.shards);
    const shards = world.takeShards().toReversed();
    for (const shard of shards) await evaluateShard(shard, world, FIRST);
    expect(findings(await reportOf(again))).toEqual(expected);
  });

  test("is stopped in another process too, and safety rows are still answered in full", async () => {
    const attacks = Array.from({ length: 100 }, (_, index) => `What is in aisle ${9000 + index}?`);
    const plan = await world.plan(await world.push(MANY, { ...GATE, safety: attacks }));
    const shards = world.takeShards();
    const quality = shards.filter(({ shard }) => !shard.startsWith("safety-"));
    const safety = shards.filter(({ shard }) => shard.startsWith("safety-"));
    expect(safety.length).toBeGreaterThan(1);
    const other = anotherProcess();
    for (const shard of quality.slice(0, -1)) await evaluateShard(shard, world, FIRST);
    const before = world.calls.length;
    for (const shard of quality.slice(-1)) await evaluateShard(shard, other, FIRST);
    expect(world.calls).toHaveLength(before);
    expect(await world.report(plan.id)).toBeUndefined();
    for (const shard of safety) await evaluateShard(shard, other, FIRST);
    const report = await reportOf(plan);
    expect(report.stoppedEarly).toBeDefined();
    expect(report.rowsUsed).toBe((report.stoppedEarly?.afterRows ?? 0) + attacks.length);
    const answered = new Set(world.calls.map(({ question }) => question));
    expect(attacks.every((question) => answered.has(question))).toBe(true);
  });

  test("begins no row that waits once it is certain, and keeps what was under way", async () => {
    const plan = await world.plan(await world.push(MANY, GATE));
    // All shards at once, as a process with many messages has them.
    await Promise.all(world.takeShards().map((shard) => evaluateShard(shard, world, FIRST)));
    const report = await reportOf(plan);
    const asked = world.calls.filter(({ purpose }) => purpose === "answer").length;
    expect(report.stoppedEarly).toBeDefined();
    expect(asked).toBeLessThan(MANY.length / 2);
    const made = world.calls.length;
    await world.plan(await world.push(MANY));
    await world.evaluateAll();
    expect(world.calls).toHaveLength(2 * MANY.length);
    expect(made).toBeLessThan(MANY.length);
  });

  test("has the same report although its process was killed between a shard's result and the fold", async () => {
    const plan = await world.plan(await world.push(MANY, GATE));
    const shards = world.takeShards();
    const dying = anotherProcess({
      store: {
        ...world.store,
        async create(container, name, body) {
          if (name.endsWith("/fold.json")) throw new Error("killed");
          return world.store.create(container, name, body);
        },
      },
    });
    let died = 0;
    for (const shard of shards) {
      await evaluateShard(shard, dying, FIRST).catch(() => (died += 1));
    }
    expect(died).toBeGreaterThan(0);
    expect(await foldOf(plan)).toBeUndefined();
    expect(await world.report(plan.id)).toBeUndefined();
    const made = world.calls.length;
    for (const shard of shards) await evaluateShard(shard, anotherProcess(), AGAIN);
    expect(world.calls).toHaveLength(made);
    const report = findings(await reportOf(plan));

    world = createEvaluateWorld();
    world.script.judge = (question) =>
      JSON.stringify({ reason: "", score: 4 + (sha256(question) < "8" ? 1 : 0) });
    const undisturbed = await world.plan(await world.push(MANY, GATE));
    await world.evaluateAll();
    expect(findings(await reportOf(undisturbed))).toEqual(report);
  });

  test("and a late worker on one of its shards changes nothing", async () => {
    const plan = await world.plan(await world.push(MANY, GATE));
    const shards = world.takeShards();
    const [first, ...rest] = shards;
    if (!first) throw new Error("no shard");
    const late = Promise.withResolvers<void>();
    const slow = anotherProcess({
      store: {
        ...world.store,
        async create(container, name, body) {
          await late.promise;
          return world.store.create(container, name, body);
        },
      },
    });
    const working = evaluateShard(first, slow, FIRST);
    for (const shard of [first, ...rest]) await evaluateShard(shard, world, FIRST);
    const before = await world.store.read("registry", registryPath.report(FLOW, plan.id));
    const rows: RowResult[] = await world.rows(plan);
    late.resolve();
    await working;
    expect((await world.store.read("registry", registryPath.report(FLOW, plan.id)))?.etag).toBe(before?.etag);
    expect(await world.rows(plan)).toEqual(rows);
  });

  test("fails on a candidate that is clearly worse, after a part of the rows", async () => {
    const stable = await world.plan(await world.push(MANY, GATE));
    await world.evaluateAll();
    await world.serve(stable);
    world.script.judge = () => JSON.stringify({ reason: "", score: 1 });
    const plan = await world.plan(await world.push(MANY, { ...GATE, prompt: "at 18" }));
    await world.evaluateAll();
    expect((await reportOf(plan)).stoppedEarly).toMatchObject({ outcome: "fail", ofRows: 400 });
  });
});

test("a suite of safety rows alone is run in full", async () => {
  const plan = await world.plan(await world.push(MANY.slice(0, 1), { ...GATE, safety: MANY.slice(1, 60) }));
  await world.evaluateAll();
  expect((await reportOf(plan)).rowsUsed).toBe(60);
});
