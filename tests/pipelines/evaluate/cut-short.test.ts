import { expect, test } from "vitest";
import { isSpent } from "../../../pipelines/evaluate/is-spent.ts";
import { whatIsKnown } from "../../../pipelines/evaluate/what-is-known.ts";
import { createEvaluateWorld } from "./evaluate-world.ts";
import { FLOW } from "../intake/intake-world.ts";
import { createJson } from "../../../shared/registry/json-blob.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { readSuite } from "../../../shared/registry/version-store.ts";

const BUDGET = "The run's budget is spent.";

test("a failure stands, but not one of rows that a budget cut short", async () => {
  for (const [reason, spent] of [
    [undefined, false],
    [BUDGET, true],
  ] as const) {
    const world = createEvaluateWorld();
    const plan = await world.plan(await world.push(["What is in aisle 1?"]));
    await createJson(world.store, "registry", registryPath.report(FLOW, plan.id), {
      run: plan,
      stoppedByBudget: reason,
    });
    await world.decided(plan, "fail", true);
    expect(await isSpent(plan, world.store)).toBe(spent);
  }
});

test("what production measured is known where every row was answered and has every value", async () => {
  const whole = { metric: "latency", rows: 20, missing: 0 };
  const known = async (report: Record<string, unknown>): Promise<unknown> => {
    const world = createEvaluateWorld();
    const message = await world.push(["What is in aisle 1?"]);
    const plan = await world.plan(message);
    await createJson(world.store, "registry", registryPath.report(FLOW, plan.id), {
      run: plan,
      ...report,
    });
    const found = await whatIsKnown(
      { ...message, version: "another" },
      await readSuite(world.store, FLOW, plan.suite),
      { version: plan.version, suite: plan.suite, run: plan.id, since: plan.plannedAt },
      { store: world.store, models: plan.models },
    );
    return found.known;
  };
  expect(await known({ candidate: [whole] })).toEqual([whole]);
  expect(await known({ candidate: [whole], stoppedByBudget: BUDGET })).toBeUndefined();
  expect(await known({ candidate: [{ ...whole, missing: 1 }] })).toEqual([]);
});
