import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { BlobServiceClient } from "@azure/storage-blob";
import { expect, onTestFinished, test } from "vitest";
import { startTopic } from "../../local/events/topic.ts";
import { startTelemetrySink } from "../../local/telemetry/start-sink.ts";
import { startAzurite } from "../contract/azurite.ts";
import { sendAnswer, startModelServer } from "../shared/adapters/model-server.ts";
import { makeScratchFlows, SMALL } from "./scratch-flows.ts";
import { startTestPlatform, verdictOf } from "./test-platform.ts";

test("storage, model, telemetry and topic of the user's own are used in place of the embedded ones", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "flowgate-theirs-"));
  const sink = await startTelemetrySink({ folder });
  const topic = await startTopic({ folder });
  onTestFinished(async () => {
    await Promise.all([sink.close(), topic.close()]);
    await rm(folder, { recursive: true, force: true });
  });
  await using storage = await startAzurite();
  await using model = await startModelServer((response, request) => {
    const judges = request.body["response_format"] !== undefined;
    return sendAnswer(judges ? '{"reason": "clear", "score": 5}' : "The shop opens at 9.")(response, request);
  });
  await using scratch = await makeScratchFlows();
  await using flowgate = await startTestPlatform({
    flow: SMALL,
    flowFolder: scratch.small,
    environment: {
      AzureWebJobsStorage: storage.connectionString,
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_API_KEY: "their-key",
      FLOWGATE_MODEL: "their-model",
      APPLICATIONINSIGHTS_CONNECTION_STRING: sink.connectionString,
      EVENT_GRID_TOPIC_ENDPOINT: topic.endpoint,
      EVENT_GRID_TOPIC_KEY: topic.key,
    },
  });
  const { platform } = flowgate;
  expect([platform.storage, platform.model, platform.sink, platform.topic]).toEqual(Array(4).fill(undefined));
  expect(platform.addresses).toMatchObject({
    storage: storage.connectionString,
    model: model.baseUrl,
    telemetry: `${sink.url}/`,
    topic: topic.endpoint,
  });
  expect(await readdir(path.join(flowgate.folder, "../../data"))).not.toContain("storage");

  const verdict = verdictOf(await flowgate.pushAndWait());
  expect(verdict.outcome).toBe("pass");

  // The model: every call is the user's server's, by their key and under their name; nothing speaks of a stand-in.
  expect(model.requests).toHaveLength(4);
  for (const { headers, body } of model.requests) {
    expect(headers["authorization"]).toBe("Bearer their-key");
    expect(body["model"]).toBe("their-model");
  }
  const { report } = await flowgate.api.run(SMALL, verdict.run);
  expect(report?.notices).toEqual([]);
  expect(report?.calls).toEqual({ made: 4, saved: 0 });

  // The storage: what was decided lies there, and a change by any client is found by comparing listings.
  await flowgate.until(
    ({ release }) => release?.stable?.version === verdict.version,
    "the version is promoted",
  );
  const blobs = BlobServiceClient.fromConnectionString(storage.connectionString);
  expect(await blobs.getContainerClient("registry").getBlobClient(`${SMALL}/release.json`).exists()).toBe(
    true,
  );
  const rows = '{"id": "noon", "question": "Is the shop open at noon?"}\n';
  await blobs.getContainerClient("flows").getBlockBlobClient(`${SMALL}/data.jsonl`).upload(rows, rows.length);
  const status = await flowgate.until(({ change }) => change?.sequence === 2, "the edit is found");
  expect(status.change?.outcome).toMatchObject({ kind: "accepted", version: verdict.version });

  // Telemetry and the topic.
  const result = await sink.waitFor(({ name }) => name === "gen_ai.evaluation.result", 60_000);
  expect(result.customDimensions).toMatchObject({ "flowgate.flow": SMALL, "flowgate.run": verdict.run });
  await expect
    .poll(() => topic.events().map(({ eventType }) => eventType))
    .toEqual(expect.arrayContaining(["Flowgate.RunCompleted", "Flowgate.Promoted"]));
});
