import { expect, test } from "vitest";
import { evaluateShard } from "../../../pipelines/evaluate/evaluate-shard.ts";
import { ModelError } from "../../../shared/errors.ts";
import { AGAIN, createEvaluateWorld, FIRST, QUESTIONS } from "./evaluate-world.ts";

test("calls that a shard made before it came again are made, not saved", async () => {
  const world = createEvaluateWorld();
  const plan = await world.plan(await world.push(QUESTIONS.slice(0, 6)));
  const shards = world.takeShards();
  const answer = world.script.answer;
  world.script.answer = (question) =>
    question === QUESTIONS[0] ? new ModelError("busy", { kind: "unavailable" }) : answer(question);
  for (const shard of shards) await evaluateShard(shard, world, FIRST).catch(() => undefined);
  world.script.answer = answer;
  for (const shard of shards) await evaluateShard(shard, world, AGAIN);
  const report = await world.report(plan.id);
  expect(report?.calls).toEqual({ made: 12, saved: 0 });
  expect(report?.spend).toMatchObject({ calls: 12, inputTokens: 120, outputTokens: 60 });
});
