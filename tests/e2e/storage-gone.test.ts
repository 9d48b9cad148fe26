import { expect, test } from "vitest";
import { connectionString, startAzurite } from "../contract/azurite.ts";
import { startConnection } from "./cut-connection.ts";
import { releaseDirectly } from "./release-directly.ts";
import { startScriptedUpstream } from "./scripted-upstream.ts";
import { writeSmallFlow } from "./small-flow.ts";
import { startTestPlatform } from "./test-platform.ts";

const PATIENCE = { timeout: 60_000, interval: 250 };

test("while storage is gone chat goes on with what it knows and health says so; who never knew anything says 503", async () => {
  await using upstream = await startScriptedUpstream();
  await using azurite = await startAzurite();
  await using blobs = await startConnection(azurite.blobPort);
  await using queues = await startConnection(azurite.queuePort);
  await using flowgate = await startTestPlatform({
    environment: {
      OPENAI_BASE_URL: upstream.baseUrl,
      OPENAI_API_KEY: "scripted",
      AzureWebJobsStorage: connectionString(blobs.port, queues.port),
    },
  });
  const version = await releaseDirectly(
    flowgate.store,
    { name: "shop", prompt: "chat.prompty", steps: [] },
    writeSmallFlow("shop"),
  );
  const { url } = flowgate.platform.host;
  const chat = (stream = false): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "shop", stream, messages: [{ role: "user", content: "Hello" }] }),
    });
  const ready = async (): Promise<{ http: number; status: unknown; storage: unknown }> => {
    const answer = await fetch(`${url}/health/ready`);
    const { status, storage } = (await answer.json()) as Record<string, unknown>;
    return { http: answer.status, status, storage };
  };
  const cut = (isCut: boolean): void => {
    for (const connection of [blobs, queues]) connection.cut(isCut);
  };
  expect((await chat()).headers.get("x-flowgate-version")).toBe(version);
  expect(await ready()).toEqual({ http: 200, status: "ok", storage: "ok" });

  cut(true);
  await expect.poll(ready, PATIENCE).toEqual({ http: 200, status: "degraded", storage: "unreachable" });
  const whole = await chat();
  expect([whole.status, whole.headers.get("x-flowgate-version")]).toEqual([200, version]);
  expect(await whole.text()).toContain("You asked: Hello");
  const streamed = await chat(true);
  expect([streamed.status, streamed.headers.get("x-flowgate-version")]).toEqual([200, version]);
  expect(await streamed.text()).toContain("[DONE]");

  // The process that comes in its place has never seen storage.
  const [pid = 0] = flowgate.platform.host.appPids();
  process.kill(pid, "SIGKILL");
  const isNew = (): boolean => {
    const [next] = flowgate.platform.host.appPids();
    return next !== undefined && next !== pid;
  };
  await expect.poll(isNew, PATIENCE).toBe(true);
  await expect.poll(ready, PATIENCE).toEqual({ http: 503, status: "unavailable", storage: "unreachable" });
  const refused = await chat();
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: { type: "server_error", code: "unavailable" } });

  cut(false);
  await expect.poll(ready, PATIENCE).toEqual({ http: 200, status: "ok", storage: "ok" });
  expect((await chat()).status).toBe(200);
});
