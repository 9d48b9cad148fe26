import { beforeEach, expect, test } from "vitest";
import {
  createTurnSampler,
  type TurnSampler,
  type TurnToSample,
} from "../../../pipelines/chat/sample-turns.ts";
import { RetryLaterError } from "../../../shared/errors.ts";
import type { SampledTurn } from "../../../shared/model/monitored-turn.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { storeMonitoringPlan } from "../../../shared/registry/monitoring-plan.ts";
import { createMemoryBlobStore } from "../../fakes/memory-blob-store.ts";
import { createMemoryQueue, type MemoryQueue } from "../../fakes/memory-queue.ts";
import { createMemoryTelemetry, type MemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { createStillClock, type StillClock } from "../../fakes/still-clock.ts";

const BLOB = "shop/turns/2026-11-26/16-05-i1.jsonl";
let store: BlobStore;
let queue: MemoryQueue;
let clock: StillClock;
let telemetry: MemoryTelemetry;
let isLost: boolean;
let sampler: TurnSampler;

beforeEach(() => {
  store = createMemoryBlobStore();
  queue = createMemoryQueue();
  clock = createStillClock("2026-11-26T16:05:30.000Z");
  telemetry = createMemoryTelemetry();
  isLost = false;
  const append: BlobStore["append"] = async (...all) => {
    if (isLost) throw new RetryLaterError("storage is gone");
    return store.append(...all);
  };
  sampler = createTurnSampler({ store: { ...store, append }, queue, clock, telemetry, instance: "i1" });
});

function turn(id: string, differences: Partial<TurnToSample> = {}): TurnToSample {
  return {
    serving: { flow: "shop", version: "one" },
    turn: id,
    at: new Date("2026-11-26T16:05:07.000Z"),
    session: "ada@example.com",
    inputs: { question: "My mail is ada@example.com?" },
    answer: "I wrote to ada@example.com.",
    toolCalls: undefined,
    context: "customer:\nada@example.com",
    documents: ["1"],
    sampled: true,
    shadow: undefined,
    ...differences,
  };
}

async function lines(): Promise<SampledTurn[]> {
  const text = (await store.read("traffic", BLOB))?.body.toString("utf8") ?? "";
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as SampledTurn]));
}

const plan = (sample: number, sequence: number): Promise<void> =>
  storeMonitoringPlan(store, "shop", {
    sequence,
    suite: "s",
    monitoring: { sample, evaluators: [], dailyBudget: {}, retainDays: 30 },
  });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("how many are sampled is read in the background, and again after half a minute", async () => {
  await plan(1, 1);
  expect(sampler.wants("shop", "a")).toBe(false);
  await settled();
  expect(sampler.wants("shop", "a")).toBe(true);
  await plan(0, 2);
  expect(sampler.wants("shop", "a")).toBe(true);
  clock.advance(31_000);
  sampler.wants("shop", "a");
  await settled();
  expect(sampler.wants("shop", "a")).toBe(false);
});

test("turns are stored by day and minute without personal data, and announced ten at a time", async () => {
  for (let index = 0; index < 12; index += 1) sampler.record(turn(`t${index}`));
  const share = { arm: "canary", rollout: "r", step: 1, weight: 0.05, latencyObjectiveMs: 4000 } as const;
  const canary = { flow: "shop", version: "two", share, loaded: { secret: 1 } };
  sampler.record(turn("t12", { serving: canary }));
  await sampler.flush();
  const stored = await lines();
  expect(stored).toHaveLength(13);
  expect(stored[0]).toEqual({
    flow: "shop",
    version: "one",
    turn: "t0",
    at: "2026-11-26T16:05:07.000Z",
    session: expect.stringMatching(/^[0-9a-f]{16}$/),
    inputs: { question: "My mail is [an e-mail address]?" },
    answer: "I wrote to [an e-mail address].",
    context: "customer:\n[an e-mail address]",
    documents: ["1"],
  });
  expect(stored[12]?.share).toEqual({ arm: "canary", rollout: "r", step: 1, weight: 0.05 });
  expect(JSON.stringify(stored)).not.toMatch(/ada|secret/);
  const sent = queue.take("turn-samples") as { turns: string[] }[];
  expect(sent.map(({ turns }) => turns.length)).toEqual([10, 3]);
  expect(sent[0]).toMatchObject({ kind: "sampled", flow: "shop", day: "2026-11-26", blob: BLOB });
});

test("while storage is gone turns wait, in bounded space, and what is lost is counted", async () => {
  isLost = true;
  for (let index = 0; index < 510; index += 1) sampler.record(turn(`t${index}`));
  await sampler.flush();
  expect(queue.sent).toEqual([]);
  isLost = false;
  await sampler.close();
  const stored = await lines();
  expect(stored).toHaveLength(500);
  expect(stored[0]?.turn).toBe("t10");
  const dropped = telemetry.events.filter(({ name }) => name === "flowgate.sample.dropped");
  expect(dropped).toHaveLength(10);
});

test("turns that were stored are announced later where the queue is gone, and stored once", async () => {
  const send = queue.send.bind(queue);
  queue.send = async () => {
    throw new RetryLaterError("the queue is gone");
  };
  sampler.record(turn("t0"));
  await sampler.flush();
  queue.send = send;
  await sampler.flush();
  expect(queue.take("turn-samples")).toHaveLength(1);
  expect(await lines()).toHaveLength(1);
});

test("a turn that the candidate answers too is announced by itself, but not where it has personal data or calls a tool", async () => {
  const shadow = { rollout: "r", version: "two" };
  const inputs = { question: "When do you open?" };
  sampler.record(turn("t0", { shadow, inputs, sampled: false }));
  sampler.record(turn("t1", { shadow, inputs }));
  sampler.record(turn("t2", { shadow }));
  sampler.record(turn("t3", { shadow, sampled: false }));
  // The client's tools answered this one; who asks the candidate has none.
  sampler.record(turn("t4", { shadow, inputs, sampled: false, toolCalls: [{ id: "call" }] }));
  await sampler.flush();
  expect(queue.take("turn-samples")).toEqual([
    { kind: "sampled", flow: "shop", day: "2026-11-26", blob: BLOB, turns: ["t1", "t2"] },
    { kind: "shadow", flow: "shop", blob: BLOB, turns: ["t0", "t1"], rollout: "r", version: "two" },
  ]);
  expect((await lines()).map((line) => line.turn)).toEqual(["t0", "t1", "t2"]);
});
