import { describe, expect, test } from "vitest";
import { createCallLimiter } from "../../../shared/adapters/call-limiter.ts";
import { retryModelCall } from "../../../shared/adapters/retry-model-call.ts";
import { ModelError } from "../../../shared/errors.ts";
import { createVirtualClock } from "../../fakes/virtual-clock.ts";
import {
  createThrottledService,
  fixedWindow,
  slidingWindow,
  tokenBucket,
  type RateLimit,
} from "./throttled-service.ts";

interface Load {
  calls?: number;
  latencyMs?: number;
  processes?: number;
  says?: boolean;
}

/** All calls at once against a service of 50 calls a second: the time it took over the ideal, and what was refused. */
async function underLimit(limit: RateLimit, { calls = 1000, processes = 1, ...load }: Load = {}) {
  const clock = createVirtualClock();
  const service = createThrottledService(clock, limit, load);
  const run = Array.from({ length: processes }, async () => {
    const limiter = createCallLimiter(32, clock);
    const call = async (order: number) => {
      const context = { purpose: "answer" as const, order };
      const done = await retryModelCall(() => service.call(), {
        limiter,
        deployment: "gpt",
        context,
        clock,
      });
      done.release();
    };
    await Promise.all(Array.from({ length: calls / processes }, (_, order) => call(order)));
  });
  await clock.runUntil(Promise.all(run));
  expect(service.answered).toBe(calls);
  return {
    overIdeal: clock.elapsed() / 1000 / (calls / 50),
    refused: service.refused / (service.refused + calls),
    mostAtOnce: service.mostAtOnce,
  };
}

describe("a service of 50 calls a second is used to the full, and hardly ever refuses", () => {
  test.each([
    ["fixed windows, 50 ms a call", fixedWindow(50), {}],
    ["fixed windows, 500 ms a call", fixedWindow(50), { latencyMs: 500 }],
    ["fixed windows that begin elsewhere", fixedWindow(50, 1000, 300), {}],
    ["a sliding window, 50 ms a call", slidingWindow(50), {}],
    ["a sliding window, 500 ms a call", slidingWindow(50), { latencyMs: 500 }],
    ["a bucket of 50", tokenBucket(50, 50), {}],
    ["windows of a minute", fixedWindow(3000, 60_000), { calls: 6000 }],
  ])("%s", async (_, limit, load) => {
    const { overIdeal, refused, mostAtOnce } = await underLimit(limit, load);
    expect(overIdeal).toBeLessThanOrEqual(1.05);
    expect(refused).toBeLessThanOrEqual(0.02);
    expect(mostAtOnce).toBeLessThanOrEqual(32);
  });

  test("shared by four processes that know nothing of one another", async () => {
    for (const limit of [fixedWindow(50), tokenBucket(50, 50)]) {
      const { overIdeal, refused } = await underLimit(limit, { calls: 2000, processes: 4 });
      expect(overIdeal).toBeLessThanOrEqual(1.25);
      expect(refused).toBeLessThanOrEqual(0.06);
    }
  });

  test("that does not say for how long is found by trying", async () => {
    const { overIdeal } = await underLimit(fixedWindow(50), { says: false });
    expect(overIdeal).toBeLessThanOrEqual(1.25);
  });
});

test("a call that waits to be repeated holds no place", async () => {
  const clock = createVirtualClock();
  const limiter = createCallLimiter(1, clock);
  const done: string[] = [];
  const call = async (name: string, work: (attempt: number) => Promise<void>) => {
    const context = { purpose: "answer" as const };
    const { release } = await retryModelCall(work, { limiter, deployment: "gpt", context, clock });
    done.push(name);
    release();
  };
  const failing = call("failing", async (attempt) => {
    if (attempt < 3) throw new ModelError("down", { kind: "unavailable", status: 503, cause: after(5_000) });
  });
  const other = call("other", () => clock.sleep(100));
  await clock.runUntil(Promise.all([failing, other]));
  expect(done).toEqual(["other", "failing"]);
});

test("refusals do not use up a call's tries, but its time", async () => {
  const clock = createVirtualClock();
  const limiter = createCallLimiter(4, clock);
  let tries = 0;
  const refuse = (purpose: "answer" | "chat") =>
    retryModelCall(
      async () => {
        tries += 1;
        throw new ModelError("no", { kind: "throttled", status: 429, cause: after(5_000) });
      },
      { limiter, deployment: "gpt", context: { purpose }, clock },
    );
  await expect(clock.runUntil(refuse("answer"))).rejects.toMatchObject({ kind: "throttled" });
  expect(clock.elapsed()).toBeGreaterThan(170_000);
  expect(tries).toBeGreaterThan(30);

  tries = 0;
  await expect(clock.runUntil(refuse("chat"))).rejects.toMatchObject({ kind: "throttled" });
  expect(tries).toBeLessThanOrEqual(3);
});

function after(ms: number) {
  return { headers: new Headers({ "retry-after-ms": String(ms) }) };
}
