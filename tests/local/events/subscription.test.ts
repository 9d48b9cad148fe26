import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventGridDeserializer } from "@azure/eventgrid";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDeadLetters } from "../../../local/events/dead-letters.ts";
import type { EventGridEvent } from "../../../local/events/event-grid-event.ts";
import { createQueueDestination } from "../../../local/events/queue-destination.ts";
import type { RetryPolicy } from "../../../local/events/retry-policy.ts";
import { createStorageEvents } from "../../../local/events/storage-events.ts";
import { createSubscription, subjectOfContainer } from "../../../local/events/subscription.ts";
import { type Storage, startStorage } from "../../../local/storage/start-storage.ts";
import type { StorageNotice } from "../../../local/storage/storage-notice.ts";
import { PermanentError } from "../../../shared/errors.ts";

const quick: RetryPolicy = { attempts: 3, timeToLiveMs: 60_000, delayMs: () => 1 };
const silent = (): void => undefined;

function eventOf(overrides: Partial<EventGridEvent> = {}): EventGridEvent {
  return {
    id: "1",
    topic: "/a/topic",
    subject: `${subjectOfContainer("flows")}blobs/contoso/flow.yaml`,
    eventType: "Microsoft.Storage.BlobCreated",
    eventTime: "2026-01-01T00:00:00.000Z",
    data: {},
    dataVersion: "",
    metadataVersion: "1",
    ...overrides,
  };
}

describe("a subscription", () => {
  test("delivers only events of its types and subjects", async () => {
    const delivered: EventGridEvent[] = [];
    const subscription = createSubscription({
      name: "changes",
      filter: {
        subjectBeginsWith: [subjectOfContainer("flows"), subjectOfContainer("proposals")],
        eventTypes: ["Microsoft.Storage.BlobCreated"],
      },
      deliver: async (event) => void delivered.push(event),
      log: silent,
    });
    const wanted = eventOf();
    expect(subscription.offer(wanted)).toBe(true);
    expect(subscription.offer(eventOf({ eventType: "Microsoft.Storage.BlobDeleted" }))).toBe(false);
    expect(subscription.offer(eventOf({ subject: `${subjectOfContainer("flows-old")}blobs/x` }))).toBe(false);
    await subscription.idle();
    expect(delivered).toEqual([wanted]);
  });

  test("tries again until the delivery succeeds", async () => {
    const attempts: number[] = [];
    const lines: string[] = [];
    const subscription = createSubscription({
      name: "changes",
      filter: {},
      deliver: async (_event, attempt) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error("not yet");
      },
      retry: quick,
      log: (line) => lines.push(line),
    });
    subscription.offer(eventOf());
    await subscription.idle();
    expect(attempts).toEqual([1, 2, 3]);
    expect(lines).toEqual([]);
  });

  test("gives up after the last try, when the time is over, or at once when no try can help", async () => {
    const reasonOf = async (retry: RetryPolicy, error: Error): Promise<unknown> => {
      const letters: { reason: string; attempts: number }[] = [];
      const subscription = createSubscription({
        name: "changes",
        filter: {},
        deliver: () => Promise.reject(error),
        deadLetter: async ({ reason, attempts }) => void letters.push({ reason, attempts }),
        retry,
        log: silent,
      });
      subscription.offer(eventOf());
      await subscription.idle();
      return letters;
    };
    expect(await reasonOf(quick, new Error("down"))).toEqual([
      { reason: "MaxDeliveryAttemptsExceeded", attempts: 3 },
    ]);
    expect(await reasonOf({ ...quick, timeToLiveMs: 100, delayMs: () => 1000 }, new Error("down"))).toEqual([
      { reason: "TimeToLiveExceeded", attempts: 1 },
    ]);
    expect(await reasonOf(quick, new PermanentError("never"))).toEqual([
      { reason: "UndeliverableDueToClientError", attempts: 1 },
    ]);
  });

  test("opens few deliveries at once, and still delivers a burst whole", async () => {
    let running = 0;
    let most = 0;
    let delivered = 0;
    const subscription = createSubscription({
      name: "changes",
      filter: {},
      deliver: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((turn) => setImmediate(turn));
        running -= 1;
        delivered += 1;
      },
      log: silent,
    });
    for (let number = 0; number < 200; number += 1) subscription.offer(eventOf({ id: String(number) }));
    await subscription.idle();
    expect(delivered).toBe(200);
    expect(most).toBe(16);
  });

  test("ends a waiting try when it is closed, and says what was lost", async () => {
    const lines: string[] = [];
    const tried = Promise.withResolvers<void>();
    const subscription = createSubscription({
      name: "changes",
      filter: {},
      deliver: async () => {
        tried.resolve();
        throw new Error("down");
      },
      retry: { ...quick, delayMs: () => 30_000 },
      log: (line) => lines.push(line),
    });
    subscription.offer(eventOf());
    await tried.promise;
    await subscription.close();
    expect(lines).toEqual([expect.stringContaining("closed before Microsoft.Storage.BlobCreated")]);
  });
});

describe("events of the embedded storage", () => {
  let folder: string;
  let storage: Storage;
  const observers = new Set<(notice: StorageNotice) => void>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "flowgate-events-"));
    const onRequest = (notice: StorageNotice): void => observers.forEach((observer) => observer(notice));
    storage = await startStorage({ folder, onRequest });
  });
  afterAll(async () => {
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("reach the storage queue in Azure's shape, in an order their sequencers tell", async () => {
    const queue = QueueServiceClient.fromConnectionString(storage.connectionString).getQueueClient("changes");
    await queue.create();
    const blobs = BlobServiceClient.fromConnectionString(storage.connectionString);
    const container = blobs.getContainerClient("flows");
    await container.create();
    await blobs.createContainer("registry");
    const subscription = createSubscription({
      name: "changes",
      filter: { subjectBeginsWith: [subjectOfContainer("flows")] },
      deliver: createQueueDestination(storage.connectionString, "changes"),
      log: silent,
    });
    const toEvent = createStorageEvents(storage);
    const second = Promise.withResolvers<void>();
    observers.add((notice) => {
      if (notice.kind === "queued") return;
      subscription.offer(toEvent(notice));
      if (notice.kind === "deleted") second.resolve();
    });

    const name = "contoso chat/flow é.yaml";
    await blobs.getContainerClient("registry").getBlockBlobClient("x").upload("1", 1);
    const put = await container.getBlockBlobClient(name).upload("name: a", 7);
    await container.getBlockBlobClient(name).delete();
    await second.promise;
    await subscription.idle();

    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
    const events: EventGridEvent[] = receivedMessageItems
      .map((item) => JSON.parse(Buffer.from(item.messageText, "base64").toString("utf8")))
      .reverse()
      .sort((one, other) => one.data.sequencer.localeCompare(other.data.sequencer));
    expect(events).toMatchObject([
      {
        topic: expect.stringMatching(/Microsoft\.Storage\/storageAccounts\/devstoreaccount1$/),
        subject: `/blobServices/default/containers/flows/blobs/${name}`,
        eventType: "Microsoft.Storage.BlobCreated",
        dataVersion: "",
        metadataVersion: "1",
        data: {
          api: "PutBlob",
          clientRequestId: put.clientRequestId,
          requestId: put.requestId,
          eTag: put.etag?.replaceAll('"', ""),
          contentType: "application/octet-stream",
          contentLength: 7,
          blobType: "BlockBlob",
          url: container.getBlockBlobClient(name).url,
          sequencer: expect.stringMatching(/^[0-9a-f]{32}$/),
          storageDiagnostics: { batchId: expect.any(String) },
        },
      },
      { eventType: "Microsoft.Storage.BlobDeleted", data: { api: "DeleteBlob" } },
    ]);
    const [read] = await new EventGridDeserializer().deserializeEventGridEvents(JSON.stringify(events[0]));
    expect(read?.eventTime).toBeInstanceOf(Date);
  });

  test("go to dead-letters, with the reason, when their queue is gone", async () => {
    const subscription = createSubscription({
      name: "lost",
      filter: {},
      deliver: createQueueDestination(storage.connectionString, "no-such-queue"),
      deadLetter: createDeadLetters(storage.connectionString),
      retry: quick,
      log: silent,
    });
    subscription.offer(eventOf());
    await subscription.idle();

    const container = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient(
      "dead-letters",
    );
    const names: string[] = [];
    for await (const blob of container.listBlobsFlat({ prefix: "lost/" })) names.push(blob.name);
    expect(names).toHaveLength(1);
    const content = await container.getBlobClient(names[0] ?? "").downloadToBuffer();
    expect(JSON.parse(content.toString("utf8"))).toEqual([
      {
        ...eventOf(),
        deadLetterReason: "MaxDeliveryAttemptsExceeded",
        deliveryAttempts: 3,
        lastDeliveryOutcome: expect.stringContaining("The specified queue does not exist"),
        publishTime: expect.any(String),
        lastDeliveryAttemptTime: expect.any(String),
      },
    ]);
  });
});
