import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createBlobStore } from "../../shared/adapters/azure/blob-store.ts";
import { ensureStorage } from "../../shared/adapters/azure/ensure-storage.ts";
import { createQueue } from "../../shared/adapters/azure/queue.ts";
import {
  ConflictError,
  NotFoundError,
  RetryLaterError,
  ServiceDeniedError,
  SettingsError,
} from "../../shared/errors.ts";
import { CONTAINERS, type BlobStore } from "../../shared/ports/blob-store.ts";
import { QUEUES, type Queue } from "../../shared/ports/queue.ts";
import { type Azurite, connectionString, startAzurite } from "./azurite.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";

let azurite: Azurite;
let blobProxy: FaultProxy;
let queueProxy: FaultProxy;
let store: BlobStore;
let queue: Queue;
beforeAll(async () => {
  azurite = await startAzurite();
  blobProxy = await startFaultProxy(azurite.blobPort);
  queueProxy = await startFaultProxy(azurite.queuePort);
  await ensureStorage({ connectionString: azurite.connectionString });
  const settings = { connectionString: connectionString(blobProxy.port, queueProxy.port) };
  store = createBlobStore(settings);
  queue = createQueue(settings);
});
afterAll(async () => {
  await blobProxy[Symbol.asyncDispose]();
  await queueProxy[Symbol.asyncDispose]();
  await azurite[Symbol.asyncDispose]();
});
beforeEach(() => {
  for (const proxy of [blobProxy, queueProxy]) {
    proxy.requests.length = 0;
    proxy.faults.length = 0;
  }
});

test("each call of the blob store is one request", async () => {
  const etag = await store.write("registry", "cost/a", "1");
  await store.create("registry", "cost/b", "1");
  await store.read("registry", "cost/a");
  await store.readIfChanged("registry", "cost/a", etag);
  await store.write("registry", "cost/a", "2", { ifMatch: etag });
  await store.listFolders("registry", "");
  await store.delete("registry", "cost/b");
  expect(blobProxy.requests).toHaveLength(7);
});

test("an append is one request once the blob is there", async () => {
  await store.append("cache", "cost/c", "1");
  expect(blobProxy.requests).toHaveLength(3);
  await store.append("cache", "cost/c", "2");
  expect(blobProxy.requests).toHaveLength(4);
});

test("a busy service is asked again and the caller notices nothing", async () => {
  const busy = { kind: "answer", status: 503, code: "ServerBusy" } as const;
  blobProxy.faults.push(busy, busy);
  await store.write("registry", "busy/a", "done");
  expect(blobProxy.requests).toHaveLength(3);
  expect((await store.read("registry", "busy/a"))?.body.toString()).toBe("done");
});

test("a service that stays busy becomes RetryLaterError after five tries", async () => {
  const busy = { kind: "answer", status: 503, code: "ServerBusy" } as const;
  blobProxy.faults.push(busy, busy, busy, busy, busy);
  await expect(store.read("registry", "busy/b")).rejects.toBeInstanceOf(RetryLaterError);
  expect(blobProxy.requests).toHaveLength(5);
});

test("a request that is refused for good is not repeated", async () => {
  blobProxy.faults.push({ kind: "answer", status: 403, code: "AuthorizationPermissionMismatch" });
  const failure = store.read("registry", "refused");
  await expect(failure).rejects.toBeInstanceOf(ServiceDeniedError);
  await expect(failure).rejects.toThrow(/role/);
  expect(blobProxy.requests).toHaveLength(1);
});

test("a create whose reply was lost knows on the retry that it was the first", async () => {
  blobProxy.faults.push({ kind: "lose-reply" });
  expect(await store.create("registry", "lost/create", "mine")).toBe(true);
});

test("a create whose reply was lost yields to whoever wrote before it", async () => {
  await store.create("registry", "lost/second", "the same words");
  blobProxy.faults.push({ kind: "lose-reply" });
  expect(await store.create("registry", "lost/second", "the same words")).toBe(false);
});

test("a guarded write whose reply was lost returns the ETag it made", async () => {
  const ifMatch = await store.write("registry", "lost/write", "1");
  blobProxy.faults.push({ kind: "lose-reply" });
  const etag = await store.write("registry", "lost/write", "2", { ifMatch });
  expect(await store.read("registry", "lost/write")).toMatchObject({ etag, body: Buffer.from("2") });
});

test("a guarded write whose reply was lost still conflicts where somebody else was first", async () => {
  const ifMatch = await store.write("registry", "lost/conflict", "1");
  await store.write("registry", "lost/conflict", "theirs");
  blobProxy.faults.push({ kind: "lose-reply" });
  const write = store.write("registry", "lost/conflict", "mine", { ifMatch });
  await expect(write).rejects.toBeInstanceOf(ConflictError);
});

test("a listing is paged inside and a page that failed is asked for again", async () => {
  const names = Array.from({ length: 40 }, (_, index) => `paged/${String(index).padStart(3, "0")}`);
  await Promise.all(names.map((name) => store.create("flows", name, "x")));
  blobProxy.faults.push({ kind: "answer", status: 500, code: "InternalError" });
  const settings = { connectionString: connectionString(blobProxy.port, queueProxy.port) };
  const paged = createBlobStore(settings, { pageSize: 7 });
  blobProxy.requests.length = 0;
  const listed: string[] = [];
  for await (const entry of paged.list("flows", "paged/")) listed.push(entry.name);
  expect(listed).toEqual(names);
  expect(blobProxy.requests).toHaveLength(7);
});

test("folders are gathered from every page", async () => {
  const names = Array.from({ length: 9 }, (_, index) => `folder-${index}`);
  await Promise.all(names.map((name) => store.create("proposals", `pages/${name}/file`, "x")));
  const paged = createBlobStore({ connectionString: azurite.connectionString }, { pageSize: 2 });
  expect(await paged.listFolders("proposals", "pages/")).toEqual(names);
});

test("a reply that breaks off in the middle is read again, whole", async () => {
  const body = "0123456789".repeat(10_000);
  await store.write("registry", "cut/a", body);
  blobProxy.faults.push({ kind: "cut-reply" });
  expect((await store.read("registry", "cut/a"))?.body.toString()).toBe(body);
});

test("a container that is missing is named with the fix", async () => {
  await using empty = await startAzurite();
  const bare = createBlobStore({ connectionString: empty.connectionString });
  await expect(bare.write("registry", "a", "1")).rejects.toBeInstanceOf(NotFoundError);
  await expect(bare.read("registry", "a")).rejects.toThrow(/flowgate doctor/);
  await expect(
    createQueue({ connectionString: empty.connectionString }).send("flow-changes", {}),
  ).rejects.toThrow(/flowgate doctor/);
});

test("a connection string that does not fit is refused without showing it, a queue's with its first message", async () => {
  const secret = "AccountKey=c2VjcmV0";
  expect(() => createBlobStore({ connectionString: secret })).toThrow(SettingsError);
  const sent = createQueue({ connectionString: secret }).send("run-completions", { flow: "shop" });
  await expect(sent).rejects.toThrow(/^(?!.*c2VjcmV0).*AzureWebJobsStorage/s);
});

test("ensureStorage makes every container and queue, once", async () => {
  const settings = { connectionString: azurite.connectionString };
  expect(await ensureStorage(settings)).toEqual([]);
  const containers: string[] = [];
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  for await (const container of blobs.listContainers()) containers.push(container.name);
  expect(containers).toEqual(expect.arrayContaining([...CONTAINERS]));
  const names: string[] = [];
  const queues = QueueServiceClient.fromConnectionString(azurite.connectionString);
  for await (const item of queues.listQueues()) names.push(item.name);
  expect(names).toEqual(expect.arrayContaining(QUEUES.flatMap((name) => [name, `${name}-poison`])));
});

test("a message arrives as base64 JSON", async () => {
  await queue.send("run-completions", { flow: "shop", run: "ünïcode" });
  const client = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(
    "run-completions",
  );
  const { receivedMessageItems } = await client.receiveMessages();
  const text = Buffer.from(receivedMessageItems[0]?.messageText ?? "", "base64").toString();
  expect(JSON.parse(text)).toEqual({ flow: "shop", run: "ünïcode" });
  expect(queueProxy.requests).toHaveLength(1);
});

test("a delayed message is not visible before its time", async () => {
  await queue.send("flow-snapshots", { late: true }, { delaySeconds: 3600 });
  const client = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(
    "flow-snapshots",
  );
  expect((await client.receiveMessages()).receivedMessageItems).toEqual([]);
  expect((await client.getProperties()).approximateMessagesCount).toBe(1);
});

test("a message whose reply was lost is sent again", async () => {
  queueProxy.faults.push({ kind: "lose-reply" });
  await queue.send("evaluation-shards", { shard: "0" });
  expect(queueProxy.requests).toHaveLength(2);
});

test("a message over 64 KiB is refused with the fix", async () => {
  const failure = queue.send("flow-changes", { text: "x".repeat(50_000) });
  await expect(failure).rejects.toThrow(/64 KiB.*blob/);
});
