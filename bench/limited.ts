import { createChatModel } from "../shared/adapters/azure/chat-model.ts";
import { createSilentTelemetry } from "../shared/adapters/silent-telemetry.ts";
import { createSystemClock } from "../shared/adapters/system-clock.ts";
import type { ChatModel } from "../shared/ports/chat-model.ts";
import type { BenchResult } from "./bench-result.ts";
import { startModelStub, type ModelStub, type StubFaults } from "./model-stub.ts";

const CALLS = 1_000;
const PER_SECOND = 50;
const LATENCY_MS = 50;
const CONCURRENCY = 32;
const FAILING = 0.03;

/** Calls to a service that fails 3 % of them, then to one that allows 50 a second and answers 429 beyond. */
export async function run(): Promise<BenchResult> {
  const failing = await measure({ failing: FAILING });
  const limited = await measureLimited();
  return {
    figures: {
      limited_over_ideal: {
        value: limited.overIdeal,
        bound: `wall over calls / limit = ${CALLS / PER_SECOND} s; below 1 as a second's worth may pass at once`,
      },
      wasted_429: {
        value: limited.wasted429,
        bound:
          "share of calls answered 429: three before the limit is known, then one to find whether it moved",
      },
      calls_lost: {
        value: failing.lost,
        bound: `calls without an answer where ${failing.failed} of ${failing.calls} were answered 500`,
      },
    },
    measured: `${CALLS} calls at once at ${PER_SECOND}/s and ${LATENCY_MS} ms each; ${CALLS} calls with failures`,
  };
}

/** `overIdeal`: wall over the time the limit leaves no way around; `wasted429`: a share of all calls. */
export async function measureLimited(): Promise<{ overIdeal: number; wasted429: number }> {
  const { seconds, calls, refused, lost } = await measure({ perSecond: PER_SECOND });
  if (lost > 0) throw new Error(`${lost} calls were lost at the limit.`);
  return {
    overIdeal: thousandths(seconds / (CALLS / PER_SECOND)),
    wasted429: thousandths(refused / calls),
  };
}

async function measure(faults: StubFaults) {
  const stub = await startModelStub(LATENCY_MS, faults);
  try {
    const model = modelOf(stub);
    const startedAt = performance.now();
    const outcomes = await Promise.allSettled(Array.from({ length: CALLS }, (_, row) => ask(model, row)));
    return {
      seconds: (performance.now() - startedAt) / 1000,
      calls: stub.calls(),
      refused: stub.refused(),
      failed: stub.failed(),
      lost: outcomes.filter(({ status }) => status === "rejected").length,
    };
  } finally {
    await stub.close();
  }
}

function modelOf(stub: ModelStub): ChatModel {
  const connection = { kind: "openai" as const, baseUrl: stub.baseUrl, apiKey: "stub" };
  const model = {
    connection,
    service: "stub",
    chat: "stub",
    judge: "stub",
    embedding: "stub",
    concurrency: CONCURRENCY,
  };
  return createChatModel({ model, captureContent: false }, createSilentTelemetry(), createSystemClock());
}

async function ask(model: ChatModel, row: number): Promise<void> {
  const messages = [{ role: "user" as const, content: `What does item ${row} weigh?` }];
  const context = { flow: "bench", version: undefined, purpose: "answer" as const, order: row };
  await model.complete({ model: undefined, messages, parameters: {} }, context);
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
