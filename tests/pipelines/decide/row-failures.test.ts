import { expect, test } from "vitest";
import { decide } from "../../../pipelines/decide/decide.ts";
import { ModelError } from "../../../shared/errors.ts";
import type { Verdict } from "../../../shared/model/run.ts";
import { evaluateShard } from "../../../pipelines/evaluate/evaluate-shard.ts";
import { createEvaluateWorld, LAST, QUESTIONS } from "../evaluate/evaluate-world.ts";

const FEW = QUESTIONS.slice(0, 3);
const USED_UP = new ModelError("You exceeded your current quota.", { kind: "quota" });

/** The verdict on a run whose model answers each question as `answer` says. */
async function verdictWhere(answer: (question: string) => string | Error): Promise<Verdict> {
  const world = createEvaluateWorld();
  world.script.answer = answer;
  const plan = await world.plan(await world.push(FEW, { gateLines: ['errors: { rate: "<= 0" }'] }));
  for (const shard of world.takeShards()) await evaluateShard(shard, world, LAST);
  const report = await world.report(plan.id);
  const [suite] = await world.intake.suites();
  if (!report || !suite) throw new Error("There is no report.");
  return decide(report, suite.definition, "2026-01-01T00:00:00.000Z");
}

test("a used up quota is the cause that the verdict names, and no failure of the version", async () => {
  const verdict = await verdictWhere(() => USED_UP);
  expect(verdict.outcome).toBe("inconclusive");
  expect(verdict.reasons[0]).toMatch(
    /^The model's quota is used up: 3 of 3 rows could not be measured for it\. The service said: You exceeded/,
  );
  expect(verdict.requirements.map(({ outcome }) => outcome)).not.toContain("fail");
});

test("rows that failed by themselves are failures, beside a used up quota too", async () => {
  const verdict = await verdictWhere((question) =>
    question === FEW[0] ? new ModelError("Bad request.", { kind: "invalid" }) : USED_UP,
  );
  expect(verdict.requirements.find(({ metric }) => metric === "errors")?.outcome).toBe("fail");
  expect(verdict.outcome).toBe("fail");
});

test("a single row without quota leaves a verdict open that the others would pass", async () => {
  const verdict = await verdictWhere((question) => (question === FEW[0] ? USED_UP : `Of ${question}`));
  expect(verdict.outcome).toBe("inconclusive");
  expect(verdict.reasons[0]).toContain("1 of 3 rows could not be measured for it");
});
