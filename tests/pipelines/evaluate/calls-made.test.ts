import { beforeEach, expect, test } from "vitest";
import { evaluateShard } from "../../../pipelines/evaluate/evaluate-shard.ts";
import { ModelError } from "../../../shared/errors.ts";
import { AGAIN, createEvaluateWorld, type EvaluateWorld, FIRST, QUESTIONS } from "./evaluate-world.ts";

let world: EvaluateWorld;
beforeEach(() => {
  world = createEvaluateWorld();
});

test("calls that a run made before a shard came again are made, not saved, and those that failed too", async () => {
  const plan = await world.plan(await world.push(QUESTIONS.slice(0, 6)));
  const shards = world.takeShards();
  const answer = world.script.answer;
  world.script.answer = (question) =>
    question === QUESTIONS[0] ? new ModelError("busy", { kind: "unavailable" }) : answer(question);
  for (const shard of shards) await evaluateShard(shard, world, FIRST).catch(() => undefined);
  world.script.answer = answer;
  for (const shard of shards) await evaluateShard(shard, world, AGAIN);
  const report = await world.report(plan.id);
  expect(world.calls).toHaveLength(13);
  expect(report?.calls).toEqual({ made: 13, saved: 0 });
  expect(report?.spend).toMatchObject({ calls: 12, failed: 1, inputTokens: 120, outputTokens: 60 });
});

test("what other runs recorded is saved, also in a shard that came again", async () => {
  const questions = QUESTIONS.slice(0, 6);
  await world.plan(await world.push(questions));
  await world.evaluateAll();
  const plan = await world.plan(await world.push([...questions, "What is in aisle 999?"]));
  for (const shard of world.takeShards()) {
    world.script.judge = () => new ModelError("busy", { kind: "unavailable" });
    await evaluateShard(shard, world, FIRST).catch(() => undefined);
    world.script.judge = () => '{"reason": "It hangs together.", "score": 4}';
    await evaluateShard(shard, world, AGAIN);
  }
  // The new row's answer, its judge twice, and once without success.
  expect((await world.report(plan.id))?.calls).toEqual({ made: 3, saved: 12 });
});

test("calls of rows that a spent budget left unfinished are made", async () => {
  const plan = await world.plan(await world.push(QUESTIONS, { evaluation: ["budget: { tokens: 1500 }"] }));
  await world.evaluateAll();
  const report = await world.report(plan.id);
  expect(report?.stoppedByBudget).toMatch(/1[,.]?500 tokens/);
  expect(report?.calls).toEqual({ made: world.calls.length, saved: 0 });
  expect(report?.spend?.calls).toBe(world.calls.length);
});
