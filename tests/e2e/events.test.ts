import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { QueueServiceClient } from "@azure/storage-queue";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FlowStatus } from "../../shared/model/status.ts";
import { CONTOSO, startTestPlatform, verdictOf } from "./test-platform.ts";
import type { TestPlatform } from "./test-platform.ts";
import { writeSmallFlow } from "./small-flow.ts";

let flowgate: TestPlatform;
beforeAll(async () => {
  flowgate = await startTestPlatform();
});
afterAll(() => flowgate[Symbol.asyncDispose]());

const changes = () =>
  QueueServiceClient.fromConnectionString(flowgate.platform.connectionString).getQueueClient("flow-changes");

/** Until nothing is left to be looked at, now or in a moment. */
async function settled(): Promise<void> {
  const left = async () => (await changes().getProperties()).approximateMessagesCount;
  await expect.poll(left, { timeout: 60_000 }).toBe(0);
}

async function sendEvents(paths: string[], times: Date[]): Promise<void> {
  const queue = changes();
  await Promise.all(
    paths.map((file, index) =>
      queue.sendMessage(
        Buffer.from(
          JSON.stringify({
            id: randomUUID(),
            topic: "test",
            subject: `/blobServices/default/containers/flows/blobs/${CONTOSO}/${file}`,
            eventType: "Microsoft.Storage.BlobCreated",
            eventTime: (times[index] ?? new Date()).toISOString(),
            data: { url: "" },
            dataVersion: "",
            metadataVersion: "1",
          }),
        ).toString("base64"),
      ),
    ),
  );
}

async function runs(): Promise<string[]> {
  return flowgate.store.listFolders("registry", `${CONTOSO}/runs/`);
}

test("the same event five times at once makes one run, one verdict and one ledger entry", async () => {
  const verdict = verdictOf(await flowgate.pushAndWait());
  expect(verdict.outcome).toBe("pass");
  await sendEvents(
    Array.from({ length: 5 }, () => ".commit.json"),
    [],
  );
  await settled();
  expect(await runs()).toEqual([verdict.run]);
  expect((await flowgate.api.history(CONTOSO, 10)).entries).toHaveLength(1);
});

test("events in reverse, an old commit's last, leave the newest content in place and judge nothing twice", async () => {
  const before = await flowgate.api.flow(CONTOSO);
  const now = Date.now();
  await sendEvents(
    ["data/questions.jsonl", "flow.yaml", ".commit.json", "chat.prompty"],
    [0, 60_000, 120_000, 3_600_000].map((age) => new Date(now - age)),
  );
  await settled();
  const after = await flowgate.api.flow(CONTOSO);
  expect(after.change?.sequence).toBe(before.change?.sequence);
  expect(await runs()).toHaveLength(1);
});

test("edits by any client settle into one version", async () => {
  const name = "small";
  // At once: a flow that is left alone for two seconds is taken as it is.
  await Promise.all(
    [...writeSmallFlow(name)].map(([file, text]) => flowgate.store.write("flows", `${name}/${file}`, text)),
  );
  let status: FlowStatus | undefined;
  while (!status?.run?.verdict) {
    await sleep(100);
    status = await flowgate.api.flow(name).catch(() => undefined);
  }
  expect(status.change).toMatchObject({ sequence: 1, outcome: { kind: "accepted" } });
  expect(status.run.verdict.outcome).toBe("pass");
  expect(await flowgate.store.listFolders("registry", `${name}/versions/`)).toHaveLength(1);
});

test("a delete is a change: without its prompt the flow is refused and production stays", async () => {
  const before = await flowgate.api.flow(CONTOSO);
  await flowgate.store.delete("flows", `${CONTOSO}/chat.prompty`);
  const status = await flowgate.until(
    ({ change }) => change?.outcome.kind === "refused",
    "the change is refused",
  );
  const problems = status.change?.outcome.kind === "refused" ? status.change.outcome.diagnostics : [];
  expect(problems.map((problem) => problem.message).join(" ")).toContain("chat.prompty");
  expect(status.release?.stable?.version).toBe(before.release?.stable?.version);
});

test("a half finished push makes no version", async () => {
  const name = "half";
  const files = writeSmallFlow(name);
  const announced = Object.fromEntries([...files.keys()].map((file) => [file, "0".repeat(64)]));
  await flowgate.store.write(
    "flows",
    `${name}/.push.json`,
    JSON.stringify({ pushId: randomUUID(), files: announced }),
  );
  for (const [file, text] of [...files].slice(0, 2))
    await flowgate.store.write("flows", `${name}/${file}`, text);
  await sleep(4_000);
  expect(await flowgate.store.listFolders("registry", `${name}/`)).toEqual([]);
});
