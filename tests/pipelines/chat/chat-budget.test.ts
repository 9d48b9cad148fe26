import { describe, expect, test } from "vitest";
import { createChatBudget } from "../../../pipelines/chat/chat-budget.ts";
import type { Budget } from "../../../shared/model/budget.ts";
import { createSpendLedgers } from "../../../shared/registry/spend-ledgers.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

const CALL = { model: "gpt-4o", usage: { inputTokens: 900, outputTokens: 100 } };

function world(budget: Budget) {
  const store = createMemoryBlobStore();
  const clock = createStillClock("2026-11-26T23:00:00.000Z");
  let reads = 0;
  const counted: typeof store = {
    ...store,
    list(...parameters) {
      reads += 1;
      return store.list(...parameters);
    },
  };
  const process = (name: string) =>
    createChatBudget({ budget, prices: {}, openLedger: createSpendLedgers(counted, clock, name), clock });
  return { clock, process, reads: () => reads };
}

describe("what clients may spend in a day", () => {
  test("ends with a refusal that says when it begins anew, for that flow alone", () => {
    const budget = world({ tokens: 2_000 }).process("a");
    budget.admit("shop");
    budget.record("shop", CALL);
    budget.admit("shop");
    budget.record("shop", CALL);
    expect(() => budget.admit("shop")).toThrow("after midnight (UTC)");
    expect(() => budget.admit("shop")).toThrow(expect.objectContaining({ retryAfterSeconds: 3_600 }));
    expect(() => budget.admit("other")).not.toThrow();
  });

  test("is another day's after midnight", () => {
    const { clock, process } = world({ tokens: 1_000 });
    const budget = process("a");
    budget.record("shop", CALL);
    expect(() => budget.admit("shop")).toThrow("used up");
    clock.advance(2 * 3_600_000);
    expect(() => budget.admit("shop")).not.toThrow();
  });

  test("counts what other processes spent, a few seconds later, and asks for it in the background", async () => {
    const { clock, process } = world({ cost: 0.004 });
    const [one, other] = [process("a"), process("b")];
    one.record("shop", CALL);
    one.record("shop", CALL);
    await Promise.resolve();
    other.admit("shop");
    clock.advance(5_000);
    other.admit("shop");
    await expect.poll(() => refused(() => other.admit("shop"))).toBe(true);
  });

  test("of a flow without a budget is nobody's business: storage is not asked", () => {
    const { process, reads } = world({});
    const budget = process("a");
    budget.record("shop", CALL);
    budget.admit("shop");
    expect(reads()).toBe(0);
  });
});

function refused(work: () => void): boolean {
  try {
    work();
    return false;
  } catch {
    return true;
  }
}
