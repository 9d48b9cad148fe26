import { expect, test } from "vitest";
import { createSpending, type Spending } from "../../../pipelines/evaluate/spending.ts";
import type { Budget } from "../../../shared/model/budget.ts";
import type { RunPlan } from "../../../shared/model/run.ts";
import { registryPath } from "../../../shared/registry/paths.ts";
import { createSpendStore } from "../../../shared/registry/spend-store.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createVirtualClock } from "../../fakes/virtual-clock.ts";

const TOKENS_A_ROW = 100;
const ROW_MS = 200;

function planned(budget: Budget | undefined): RunPlan {
  return {
    id: "run",
    flow: "shop",
    version: "1",
    suite: "1",
    baseline: undefined,
    purpose: "candidate",
    models: { chat: "m", judge: "m", embedding: "m" },
    rows: 1000,
    shards: [],
    plannedAt: "2026-11-22T10:00:00.000Z",
    budget,
    rollout: undefined,
    commit: undefined,
    estimate: { calls: 2000, tokens: 1000 * TOKENS_A_ROW, cost: 0, from: "lengths" },
  };
}

function world(dailyBudget?: Budget) {
  const clock = createVirtualClock();
  const store = createMemoryBlobStore(() => clock.now());
  const process = (name: string): Spending =>
    createSpending({ spends: createSpendStore(store, clock, name), prices: {}, dailyBudget, clock });

  /** Pays for row after row, some at once, until it is refused. Returns how many it paid for. */
  async function payAll(spending: Spending, plan: RunPlan, atOnce = 16): Promise<number> {
    const record = spending.record(plan);
    let rows = 0;
    const payer = async (): Promise<void> => {
      for (;;) {
        const paid = await spending.reserve(plan);
        if ("refusal" in paid) return;
        for (const call of ["answer", "judge"]) {
          await clock.sleep(ROW_MS / 2);
          record({ model: call, usage: { inputTokens: 40, outputTokens: 10 } });
        }
        rows += 1;
        paid();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, payer));
    await spending.flush(plan);
    return rows;
  }
  return { clock, store, process, payAll };
}

test.for([1, 4, 8])("%d processes together spend a run's budget, and no more", async (processes) => {
  const { clock, process, payAll } = world();
  const plan = planned({ tokens: 500 * TOKENS_A_ROW });
  const all = Array.from({ length: processes }, (_, index) => payAll(process(`p${index}`), plan));
  const paid = await clock.runUntil(Promise.all(all));
  expect(paid.reduce((sum, rows) => sum + rows, 0)).toBe(500);
});

test("processes with different runs of a flow keep to the budget of the day together", async () => {
  const { clock, process, payAll } = world({ tokens: 300 * TOKENS_A_ROW });
  const all = ["a", "b", "c"].map((id) => payAll(process(id), { ...planned(undefined), id }));
  const paid = await clock.runUntil(Promise.all(all));
  expect(paid.reduce((sum, rows) => sum + rows, 0)).toBe(300);
});

test("what a process that was killed had promised is nobody's loss, a minute later at most", async () => {
  const { clock, store, process, payAll } = world();
  const plan = planned({ tokens: 100 * TOKENS_A_ROW });
  const killed = process("killed");
  await killed.reserve(plan);
  const written = await store.read("registry", `${registryPath.runSpend("shop", "run")}killed.json`);
  expect(JSON.parse(written?.body.toString("utf8") ?? "")).toMatchObject({
    inputTokens: 0,
    heldUntil: expect.any(Number) as number,
  });
  await clock.runUntil(clock.sleep(61_000));
  expect(await clock.runUntil(payAll(process("next"), plan))).toBe(100);
});
