import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { startQueueListener } from "../../../local/host/queue-listener.ts";
import { startQueueService } from "./azurite-queue.ts";
import { HURRIED, base64, queueOf, startFixture, temporaryFolder, until } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";

let service: Awaited<ReturnType<typeof startQueueService>>;
beforeAll(async () => {
  service = await startQueueService();
});
afterAll(() => service[Symbol.asyncDispose]());

interface JobLine {
  id: string;
  pid: number;
  mostRunning: number;
  triggerMetadata: Record<string, unknown>;
}

function jobs(fixture: Fixture, id?: string): JobLine[] {
  const all = fixture.said("job ").map((line) => JSON.parse(line.slice(4)) as JobLine);
  return id === undefined ? all : all.filter((job) => job.id === id);
}

async function bodiesOf(name: string): Promise<string[]> {
  const { peekedMessageItems } = await queueOf(service.connectionString, name).peekMessages({
    numberOfMessages: 32,
  });
  return peekedMessageItems.map((message) => message.messageText);
}

/** How many messages the queue holds, visible or not. */
async function countOf(name: string): Promise<number> {
  return (await queueOf(service.connectionString, name).getProperties()).approximateMessagesCount ?? -1;
}

test("a message is worked on with Azure's metadata and deleted; base64 and plain text are both read", async () => {
  const fixture = await startFixture(service.connectionString);
  const queue = queueOf(service.connectionString, fixture.queueName);
  const sent = await queue.sendMessage(base64({ id: "encoded" }));
  await queue.sendMessage(JSON.stringify({ id: "plain" }));
  await queue.sendMessage("just words");
  await until(() => fixture.said("done ").length === 3);
  expect(new Set(jobs(fixture).map((job) => job.id))).toEqual(new Set(["encoded", "plain", "just words"]));
  const [job] = jobs(fixture, "encoded");
  expect(job!.triggerMetadata).toMatchObject({
    id: sent.messageId,
    dequeueCount: 1,
    queueTrigger: { id: "encoded" },
    popReceipt: expect.any(String),
    insertionTime: sent.insertedOn.toISOString(),
    expirationTime: sent.expiresOn.toISOString(),
    nextVisibleTime: expect.any(String),
  });
  await until(async () => (await countOf(fixture.queueName)) === 0);
});

test("a message that fails five times moves to the poison queue with its body as it was", async () => {
  const fixture = await startFixture(service.connectionString);
  const body = base64({ id: "bad", action: "fail" });
  await queueOf(service.connectionString, fixture.queueName).sendMessage(body);
  await until(async () => (await bodiesOf(`${fixture.queueName}-poison`)).length === 1);
  expect(await bodiesOf(`${fixture.queueName}-poison`)).toEqual([body]);
  expect(jobs(fixture, "bad").map((job) => job.triggerMetadata["dequeueCount"])).toEqual([1, 2, 3, 4, 5]);
  await until(async () => (await countOf(fixture.queueName)) === 0);
});

test("no more than batchSize + newBatchThreshold messages are in flight in one app process", async () => {
  const name = `full-${process.pid}`;
  const folder = await temporaryFolder();
  const queue = queueOf(service.connectionString, name);
  await queue.create();
  const ids = Array.from({ length: 12 }, (_, index) => `job-${index}`);
  const end = (id: string): Promise<void> => writeFile(path.join(folder, id), "");
  await Promise.all(
    ids.map((id) => queue.sendMessage(base64({ id, action: "wait", until: path.join(folder, id) }))),
  );
  const fixture = await startFixture(service.connectionString, { environment: { FIXTURE_QUEUE: name } });
  // The first batch fills it up to where no other is fetched, until one of the two is done.
  await until(() => jobs(fixture).length >= 2);
  await end(jobs(fixture)[0]!.id);
  await until(() => jobs(fixture).length >= 4);
  await Promise.all(ids.map(end));
  await until(() => fixture.said("done ").length === 12);
  expect(
    jobs(fixture)
      .map((job) => job.mostRunning)
      .slice(0, 4),
  ).toEqual([1, 2, 2, 3]);
  expect(Math.max(...jobs(fixture).map((job) => job.mostRunning))).toBe(3);
});

test("two app processes share a queue, and each message is worked on once", async () => {
  const fixture = await startFixture(service.connectionString, { workers: 2 });
  const queue = queueOf(service.connectionString, fixture.queueName);
  const end = path.join(await temporaryFolder(), "end");
  await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      queue.sendMessage(base64({ id: `job-${index}`, action: "wait", until: end })),
    ),
  );
  await until(() => new Set(jobs(fixture).map((job) => job.pid)).size === 2);
  await writeFile(end, "");
  await until(() => fixture.said("done ").length === 16);
  expect(new Set(jobs(fixture).map((job) => job.id)).size).toBe(16);
  expect(jobs(fixture).length).toBe(16);
  expect(new Set(jobs(fixture).map((job) => job.pid))).toEqual(new Set(fixture.host.appPids()));
});

test("a message whose app process dies is released at once, and poisons only itself", async () => {
  const fixture = await startFixture(service.connectionString);
  const queue = queueOf(service.connectionString, fixture.queueName);
  await queue.sendMessage(base64({ id: "deadly", action: "exit" }));
  await until(async () => (await bodiesOf(`${fixture.queueName}-poison`)).length === 1);
  expect(jobs(fixture, "deadly").length).toBe(5);
  await queue.sendMessage(base64({ id: "harmless" }));
  await until(() => fixture.said("done harmless").length === 1);
});

test("a message over the function timeout fails, and is tried again by a new app process", async () => {
  const fixture = await startFixture(service.connectionString, HURRIED);
  await queueOf(service.connectionString, fixture.queueName).sendMessage(
    base64({ id: "stuck", action: "hang" }),
  );
  await until(() => jobs(fixture, "stuck").length === 2);
  const [first, second] = jobs(fixture, "stuck");
  expect(first!.pid).not.toBe(second!.pid);
  expect(second!.triggerMetadata["dequeueCount"]).toBe(2);
});

test("a message in flight when the host is forced to close goes back to the queue at once", async () => {
  const fixture = await startFixture(service.connectionString);
  await queueOf(service.connectionString, fixture.queueName).sendMessage(
    base64({ id: "cut", action: "hang" }),
  );
  await until(() => jobs(fixture, "cut").length === 1);
  await fixture.host.close({ graceMs: 0 });
  expect(await bodiesOf(fixture.queueName)).toEqual([base64({ id: "cut", action: "hang" })]);
});

test("closing lets a message in flight finish, takes no other, and runs appTerminate hooks", async () => {
  const fixture = await startFixture(service.connectionString);
  const queue = queueOf(service.connectionString, fixture.queueName);
  const end = path.join(await temporaryFolder(), "end");
  await queue.sendMessage(base64({ id: "last", action: "wait", until: end }));
  await until(() => jobs(fixture, "last").length === 1);
  const closed = fixture.host.close();
  await queue.sendMessage(base64({ id: "late" }));
  await writeFile(end, "");
  await closed;
  expect(fixture.said("done last")).toEqual(["done last"]);
  expect(fixture.said("hook appTerminate")).toEqual(["hook appTerminate: hello from the start"]);
  expect(await bodiesOf(fixture.queueName)).toEqual([base64({ id: "late" })]);
  expect(jobs(fixture, "late")).toEqual([]);
});

test("a message that was received too often is poisoned without another attempt", async () => {
  const name = `often-${process.pid}`;
  const [queue, poison] = [name, `${name}-poison`].map((each) => queueOf(service.connectionString, each)) as [
    ReturnType<typeof queueOf>,
    ReturnType<typeof queueOf>,
  ];
  await Promise.all([queue.create(), poison.create()]);
  const body = base64("received by hosts that were killed");
  await queue.sendMessage(body);
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const { receivedMessageItems } = await queue.receiveMessages();
    const [message] = receivedMessageItems;
    await queue.updateMessage(message!.messageId, message!.popReceipt, undefined, 0);
  }
  let invocations = 0;
  const listener = startQueueListener({
    queue,
    poison,
    settings: {
      batchSize: 1,
      newBatchThreshold: 1,
      maxDequeueCount: 2,
      visibilityTimeoutMs: 0,
      maxPollingIntervalMs: 200,
      messageEncoding: "base64",
    },
    leaseSeconds: 60,
    ready: async () => {},
    invoke: async () => {
      invocations += 1;
    },
    log: () => {},
  });
  onTestFinished(() => listener.stop());
  await until(async () => (await bodiesOf(`${name}-poison`)).length === 1);
  expect(await bodiesOf(`${name}-poison`)).toEqual([body]);
  expect(invocations).toBe(0);
});

test("a lease is renewed while the handler runs, so that nobody else gets the message", async () => {
  const name = `leases-${process.pid}`;
  const queue = queueOf(service.connectionString, name);
  const poison = queueOf(service.connectionString, `${name}-poison`);
  await Promise.all([queue.create(), poison.create()]);
  let invocations = 0;
  let renewals = 0;
  const counting = Object.assign(Object.create(queue) as typeof queue, {
    updateMessage: async (...parameters: Parameters<typeof queue.updateMessage>) => {
      const updated = await queue.updateMessage(...parameters);
      renewals += 1;
      return updated;
    },
  });
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
  const listener = startQueueListener({
    queue: counting,
    poison,
    settings: {
      batchSize: 1,
      newBatchThreshold: 1,
      maxDequeueCount: 5,
      visibilityTimeoutMs: 0,
      maxPollingIntervalMs: 200,
      messageEncoding: "base64",
    },
    // Renewed at half: a busy machine may be late by the other.
    leaseSeconds: 4,
    ready: async () => {},
    invoke: async () => {
      invocations += 1;
      await finished;
    },
    log: () => {},
  });
  onTestFinished(async () => {
    finish();
    await listener.stop();
  });
  await queue.sendMessage(base64("long work"));
  await until(() => invocations === 1);
  // More than a lease's time; the listener itself goes on polling.
  await until(() => renewals === 3 || invocations > 1);
  expect(invocations).toBe(1);
  finish();
  await until(async () => (await countOf(name)) === 0);
  await listener.idle();
});

/** After a second poll in vain, this jitter puts the third one off for as long as the settings let it. */
function pollTwiceThenWait(): void {
  vi.spyOn(Math, "random").mockReturnValue(1_000_000);
  onTestFinished(() => void vi.restoreAllMocks());
}

test("a wake-up makes an idle listener look at once", async () => {
  const name = `wakes-${process.pid}`;
  const queue = queueOf(service.connectionString, name);
  await queue.create();
  pollTwiceThenWait();
  let polls = 0;
  const counting = Object.assign(Object.create(queue) as typeof queue, {
    receiveMessages: (...parameters: Parameters<typeof queue.receiveMessages>) => {
      polls += 1;
      return queue.receiveMessages(...parameters);
    },
  });
  const seen: unknown[] = [];
  const listener = startQueueListener({
    queue: counting,
    poison: queue,
    settings: {
      batchSize: 1,
      newBatchThreshold: 1,
      maxDequeueCount: 5,
      visibilityTimeoutMs: 0,
      maxPollingIntervalMs: 3_600_000,
      messageEncoding: "base64",
    },
    leaseSeconds: 60,
    ready: async () => {},
    invoke: async (input) => {
      seen.push(input);
    },
    log: () => {},
  });
  onTestFinished(() => listener.stop());
  await until(() => polls === 2);
  await queue.sendMessage(base64("good morning"));
  listener.wake();
  await until(() => seen.length === 1);
  expect(seen).toEqual([{ string: "good morning" }]);
});

test("the host wakes the functions of a queue by its name", async () => {
  pollTwiceThenWait();
  const fixture = await startFixture(service.connectionString);
  // Time for the two polls before.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await queueOf(service.connectionString, fixture.queueName).sendMessage(base64({ id: "early" }));
  fixture.host.wakeQueue("no-such-queue");
  fixture.host.wakeQueue(fixture.queueName);
  // Before the third: the host.json lets it wait a minute at most.
  await until(() => fixture.said("done early").length === 1, 30_000);
  expect(jobs(fixture, "early").length).toBe(1);
});
