import { expect, test } from "vitest";
import { decide } from "../../../pipelines/decide/decide.ts";
import { publishReport } from "../../../pipelines/decide/publish-report.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { readSuite } from "../../../shared/registry/version-store.ts";
import { createEvaluateWorld } from "../evaluate/evaluate-world.ts";
import { FLOW } from "../intake/intake-world.ts";

const QUESTIONS = ["What is in aisle 1?", "What is in aisle 2?"];

test("the report says that the gate asks for less than production was certified by", async () => {
  const world = createEvaluateWorld();
  const production = await world.plan(await world.push(QUESTIONS, { gate: ">= 3" }));
  await world.evaluateAll();
  await world.serve(production);
  const plan = await world.plan(await world.push(QUESTIONS, { gate: ">= 1", prompt: "at 18" }));
  expect(plan.certifiedOn).toBe(production.suite);
  await world.evaluateAll();
  const report = await world.report(plan.id);
  if (!report) throw new Error("The run has no report.");
  const suite = await readSuite(world.store, FLOW, plan.suite);
  await publishReport(report, decide(report, suite.definition, plan.plannedAt), suite, world.store);
  const markdown = await world.store.read("registry", registryPath.reportMarkdown(FLOW, plan.id));
  expect(markdown?.body.toString()).toMatch(
    /## What it is judged by changed\n\n- gate\.coherence\.mean: &gt;= 3 before, &gt;= 1 now\./,
  );
});
