import { expect, onTestFinished, test, vi } from "vitest";
import { answerChat } from "../../../pipelines/chat/answer-chat.ts";
import { createChatBudget } from "../../../pipelines/chat/chat-budget.ts";
import { createFlowCatalog } from "../../../pipelines/chat/flow-catalog.ts";
import { OPENAI_PROTOCOL } from "../../../pipelines/chat/openai-protocol.ts";
import { createTrafficRecorder } from "../../../pipelines/chat/record-traffic.ts";
import { createTurnSampler } from "../../../pipelines/chat/sample-turns.ts";
import { createTurnNames } from "../../../pipelines/chat/turn-name.ts";
import type { ChatDelta, ChatModel } from "../../../shared/ports/chat-model.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { createSpendLedgers } from "../../../shared/registry/spend-ledgers.ts";
import { createVersionLoader } from "../../../shared/registry/version-loader.ts";
import { releaseDirectly } from "../../e2e/release-directly.ts";
import { writeSmallFlow } from "../../e2e/small-flow.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createMemoryQueue } from "../../fakes/memory-queue.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { createStillClock } from "../../fakes/still-clock.ts";

const USAGE = { inputTokens: 20, outputTokens: 6 };
const DELTAS: ChatDelta[] = [
  { text: "At 9.", finishReason: undefined, model: "m", usage: undefined },
  { text: "", finishReason: "stop", model: "m", usage: USAGE },
];
const chatModel: ChatModel = {
  complete: async () => ({ text: "At 9.", finishReason: "stop", model: "m", usage: USAGE, latencyMs: 5 }),
  async *stream() {
    yield* DELTAS;
  },
};

/** Chat as an app process composes it, with a day's budget, over a store that counts its calls. */
async function setUp() {
  // What runs in the background does so by timers, which stand still here.
  vi.useFakeTimers({ toNotFake: ["setImmediate", "nextTick", "queueMicrotask"] });
  const memory = createMemoryBlobStore();
  let calls = 0;
  const store = new Proxy(memory, {
    get: (target, property: keyof BlobStore) => {
      calls += 1;
      return target[property];
    },
  });
  await releaseDirectly(memory, { name: "shop", prompt: "chat.prompty", steps: [] }, writeSmallFlow("shop"));
  const clock = createStillClock();
  const telemetry = createMemoryTelemetry();
  const embeddingModel = { name: "none", embed: async () => [] };
  const catalog = createFlowCatalog({
    store,
    loadVersion: createVersionLoader({ store, embeddingModel }),
    clock,
  });
  const instance = "i1";
  const dependencies = {
    chatModel,
    embeddingModel,
    catalog,
    telemetry,
    clock,
    budget: createChatBudget({
      budget: { tokens: 1_000_000, cost: undefined },
      prices: {},
      openLedger: createSpendLedgers(store, clock, instance),
      clock,
    }),
    traffic: createTrafficRecorder({ store, clock, instance }),
    turnNames: createTurnNames({ store }),
    sampler: createTurnSampler({ store, queue: createMemoryQueue(), clock, telemetry, instance }),
  };
  onTestFinished(() => {
    catalog.close();
    vi.useRealTimers();
  });
  const ask = async (stream: boolean, session: string): Promise<string> => {
    const body = { model: "shop", stream, messages: [{ role: "user", content: "When does it open?" }] };
    const asked = { body, path: { flow: undefined, streamed: false }, session };
    const reply = await answerChat(OPENAI_PROTOCOL, asked, dependencies);
    if (reply.kind === "json") return JSON.stringify(reply.body);
    let text = "";
    for await (const piece of reply.events) text += piece;
    return text;
  };
  return { ask, calls: () => calls };
}

test("a warm process answers whole turns, streamed or not, without a storage call", async () => {
  const { ask, calls } = await setUp();
  // The first turn reads the pointer, the version, the key and how many turns are kept.
  for (const stream of [false, true]) await ask(stream, "first");
  const before = calls();
  expect(before).toBeGreaterThan(0);
  for (let turn = 0; turn < 50; turn += 1) {
    expect(await ask(turn % 2 === 0, `session ${turn}`)).toContain("At 9.");
  }
  expect(calls()).toBe(before);
});
