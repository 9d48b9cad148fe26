import { QueueServiceClient } from "@azure/storage-queue";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOfflineModel } from "../../local/model/start-offline-model.ts";
import { OFFLINE_STAND_IN } from "../../shared/model/offline-stand-in.ts";
import { readJson } from "../../shared/registry/json-blob.ts";
import { startCountingProxy, type CountingProxy } from "./counting-proxy.ts";
import { makeScratchFlows, SMALL } from "./scratch-flows.ts";
import type { ScratchFlows } from "./scratch-flows.ts";
import { sharedModel } from "./shared-model.ts";
import { startTestPlatform, verdictOf } from "./test-platform.ts";
import type { TestPlatform } from "./test-platform.ts";

const NO_JSON = "this is { no JSON";
const model = sharedModel() ?? (await startOfflineModel());
let proxy: CountingProxy;
let scratch: ScratchFlows;
let flowgate: TestPlatform;
let run: string;

beforeAll(async () => {
  scratch = await makeScratchFlows();
  proxy = await startCountingProxy(model.baseUrl);
  flowgate = await startTestPlatform({
    flow: SMALL,
    flowFolder: scratch.small,
    environment: {
      OPENAI_BASE_URL: proxy.baseUrl,
      OPENAI_API_KEY: "any",
      FLOWGATE_MODEL: OFFLINE_STAND_IN,
      FLOWGATE_JUDGE_MODEL: OFFLINE_STAND_IN,
    },
  });
  // The run is under way while messages of it are spoilt.
  proxy.hold(0);
  await flowgate.push();
  const status = await flowgate.until((now) => now.run?.state === "running", "the run is planned");
  run = status.run?.plan.id ?? "";
});
afterAll(async () => {
  await flowgate[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await model.close();
  await scratch[Symbol.asyncDispose]();
});

async function sendShard(text: string): Promise<void> {
  const service = QueueServiceClient.fromConnectionString(flowgate.platform.connectionString);
  const queue = service.getQueueClient("evaluation-shards");
  await queue.sendMessage(Buffer.from(text).toString("base64"));
}

interface Poisoned {
  queue: string;
  reason: string;
  message: unknown;
}

async function poisoned(): Promise<Poisoned[]> {
  const found: Poisoned[] = [];
  for await (const blob of flowgate.store.list("registry", ".poison/")) {
    const record = await readJson<Poisoned>(flowgate.store, "registry", blob.name);
    if (record) found.push(record.value);
  }
  return found;
}

test("messages that can never succeed are kept with their reason, and the run that one names ends in error", async () => {
  const about = { flow: SMALL, source: { container: "flows", flow: SMALL }, sequence: 1 };
  const unknownRun = { ...about, run: "unknown", shard: "all" };
  const unknownShard = { ...about, run, shard: "nowhere" };
  await sendShard(NO_JSON);
  await sendShard(JSON.stringify(unknownRun));
  await sendShard(JSON.stringify(unknownShard));

  const status = await flowgate.until((now) => now.run?.state === "error", "the run is marked as error");
  expect(status.run?.verdict).toMatchObject({
    run,
    outcome: "error",
    reasons: [expect.stringContaining("no rows in bucket nowhere")],
  });
  await expect.poll(poisoned).toHaveLength(3);
  const records = await poisoned();
  const reasonOf = (message: unknown): string | undefined =>
    records.find((record) => JSON.stringify(record.message) === JSON.stringify(message))?.reason;
  expect(records.map(({ queue }) => queue)).toEqual(Array(3).fill("evaluation-shards"));
  expect(reasonOf(NO_JSON)).toContain("does not fit");
  expect(reasonOf(unknownRun)).toContain("no run unknown");
  expect(reasonOf(unknownShard)).toContain("no rows in bucket nowhere");
  const told = await flowgate.platform.sink?.waitFor(
    ({ name }) => name === "flowgate.message.poisoned",
    60_000,
  );
  expect(told?.customDimensions).toMatchObject({ "flowgate.queue": "evaluation-shards" });
});

test("a run in error promotes nothing, although its other shards come to a good end", async () => {
  proxy.release();
  const status = await flowgate.until(({ release }) => release !== undefined, "the release stage has acted");
  expect((await flowgate.api.run(SMALL, run)).report?.candidate[0]).toMatchObject({
    metric: "coherence",
    scored: 2,
  });
  expect(status.release?.entry).toMatchObject({ kind: "rejected", run });
  expect(status.release?.stable).toBeUndefined();
});

test("pushed again, the same content is evaluated again without paying again, and passes", async () => {
  const verdict = verdictOf(await flowgate.pushAndWait());
  expect(verdict.outcome).toBe("pass");
  expect(verdict.run).not.toBe(run);
  expect((await flowgate.api.run(SMALL, verdict.run)).report?.calls).toEqual({ made: 0, saved: 4 });
  const promoted = await flowgate.until(({ release }) => release?.stable !== undefined, "it is promoted");
  expect(promoted.release?.stable).toMatchObject({ version: verdict.version, run: verdict.run });
});
