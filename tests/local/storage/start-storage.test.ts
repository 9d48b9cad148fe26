import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BlobSASPermissions,
  BlobServiceClient,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Storage, startStorage } from "../../../local/storage/start-storage.ts";
import type { StorageNotice } from "../../../local/storage/storage-notice.ts";

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "flowgate-storage-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function storageIn(folder: string): Promise<{ storage: Storage; notices: StorageNotice[] }> {
  const notices: StorageNotice[] = [];
  const storage = await startStorage({ folder, onRequest: (notice) => notices.push(notice) });
  onTestFinished(() => storage.close());
  return { storage, notices };
}

describe("the embedded storage", () => {
  test("keeps blobs and messages written right before it was closed", async () => {
    const folder = scratchFolder();
    const first = await startStorage({ folder, onRequest: () => undefined });
    const container = BlobServiceClient.fromConnectionString(first.connectionString).getContainerClient(
      "flows",
    );
    const queue = QueueServiceClient.fromConnectionString(first.connectionString).getQueueClient("changes");
    await container.create();
    await queue.create();
    await container.getBlockBlobClient("contoso/flow.yaml").upload("name: contoso", 13);
    await queue.sendMessage("a message");
    await first.close();

    const { storage } = await storageIn(folder);
    const blobs = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient(
      "flows",
    );
    const messages = QueueServiceClient.fromConnectionString(storage.connectionString).getQueueClient(
      "changes",
    );
    const content = await blobs.getBlockBlobClient("contoso/flow.yaml").downloadToBuffer();
    expect(content.toString()).toBe("name: contoso");
    const received = await messages.receiveMessages();
    expect(received.receivedMessageItems.map((item) => item.messageText)).toEqual(["a message"]);
  });

  test("keeps its random account key where only the owner can read it, and keeps it", async () => {
    const folder = scratchFolder();
    const first = await startStorage({ folder, onRequest: () => undefined });
    await first.close();
    const { storage } = await storageIn(folder);
    const keyOf = (connectionString: string) => /AccountKey=([^;]+)/.exec(connectionString)?.[1];
    expect(keyOf(storage.connectionString)).toBe(keyOf(first.connectionString));
    expect(Buffer.from(keyOf(storage.connectionString) ?? "", "base64")).toHaveLength(64);
    expect(statSync(join(folder, "account-key")).mode & 0o077).toBe(0);
  });

  test("refuses a client with another key", async () => {
    const { storage } = await storageIn(scratchFolder());
    const other = storage.connectionString.replace(
      /AccountKey=[^;]+/,
      `AccountKey=${Buffer.alloc(64, 1).toString("base64")}`,
    );
    const client = BlobServiceClient.fromConnectionString(other, { retryOptions: { maxTries: 1 } });
    await expect(client.createContainer("flows")).rejects.toMatchObject({ statusCode: 403 });
  });

  test("says which folder cannot be written and what to do", async () => {
    const file = join(scratchFolder(), "a-file");
    writeFileSync(file, "");
    await expect(startStorage({ folder: join(file, "storage"), onRequest: () => undefined })).rejects.toThrow(
      /storage folder .*a-file.* cannot be written .*FLOWGATE_DATA/,
    );
  });

  test("says that its records cannot be read rather than starting empty", async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, "blob.json"), "{ cut off");
    await expect(startStorage({ folder, onRequest: () => undefined })).rejects.toThrow(
      /embedded storage could not start in/,
    );
  });

  test("says which port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((listening) => taken.once("listening", listening));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    await expect(
      startStorage({ folder: scratchFolder(), ports: { queue: port }, onRequest: () => undefined }),
    ).rejects.toThrow(`Port ${port} is taken, so the embedded queue storage cannot start.`);
  });
});

describe("the tap", () => {
  test("tells of a blob that was put, with its properties, whichever way its size is known", async () => {
    const { storage, notices } = await storageIn(scratchFolder());
    const container = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient(
      "flows",
    );
    await container.create();
    const whole = container.getBlockBlobClient("a.txt");
    const put = await whole.upload("hello", 5, { blobHTTPHeaders: { blobContentType: "text/plain" } });
    await expect.poll(() => notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({
      kind: "created",
      api: "PutBlob",
      container: "flows",
      blob: "a.txt",
      etag: put.etag?.replaceAll('"', ""),
      contentLength: 5,
      contentType: "text/plain",
      blobType: "BlockBlob",
      clientRequestId: put.clientRequestId,
      requestId: put.requestId,
    });

    const blocks = container.getBlockBlobClient("b.txt");
    await blocks.stageBlock(Buffer.from("1").toString("base64"), "hello ", 6);
    await blocks.stageBlock(Buffer.from("2").toString("base64"), "there", 5);
    await blocks.commitBlockList(["1", "2"].map((id) => Buffer.from(id).toString("base64")));
    await expect.poll(() => notices).toHaveLength(2);
    expect(notices[1]).toMatchObject({
      kind: "created",
      api: "PutBlockList",
      blob: "b.txt",
      contentLength: 11,
    });

    await (await container.getBlobClient("c.txt").beginCopyFromURL(whole.url)).pollUntilDone();
    await expect.poll(() => notices).toHaveLength(3);
    expect(notices[2]).toMatchObject({ kind: "created", api: "CopyBlob", blob: "c.txt", contentLength: 5 });
  });

  test("tells of a deleted blob, and not of its deleted snapshots", async () => {
    const { storage, notices } = await storageIn(scratchFolder());
    const container = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient(
      "flows",
    );
    await container.create();
    const blob = container.getBlockBlobClient("a.txt");
    await blob.upload("hello", 5);
    await blob.createSnapshot();
    await blob.delete({ deleteSnapshots: "only" });
    await blob.delete();
    await expect.poll(() => notices).toHaveLength(2);
    expect(notices.map((notice) => notice.kind)).toEqual(["created", "deleted"]);
    expect(notices[1]).toMatchObject({
      api: "DeleteBlob",
      container: "flows",
      blob: "a.txt",
      etag: undefined,
    });
  });

  test("tells of an append blob when it is made, not of each block", async () => {
    const { storage, notices } = await storageIn(scratchFolder());
    const container = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient(
      "cache",
    );
    await container.create();
    const log = container.getAppendBlobClient("log.jsonl");
    await log.create();
    await log.appendBlock("{}\n", 3);
    await container.getBlockBlobClient("last").upload("", 0);
    await expect.poll(() => notices.at(-1)).toMatchObject({ blob: "last" });
    expect(notices.map((notice) => notice.kind === "created" && notice.blob)).toEqual(["log.jsonl", "last"]);
  });

  test("says nothing of a write that was refused or that changes no content", async () => {
    const { storage, notices } = await storageIn(scratchFolder());
    const container = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient(
      "flows",
    );
    await container.create();
    const blob = container.getBlockBlobClient("a.txt");
    await blob.upload("1", 1);
    await expect(blob.upload("2", 1, { conditions: { ifNoneMatch: "*" } })).rejects.toMatchObject({
      statusCode: 409,
    });
    await blob.setMetadata({ seen: "yes" });
    await container.getBlockBlobClient("last").upload("", 0);
    await expect.poll(() => notices.at(-1)).toMatchObject({ blob: "last" });
    expect(notices).toHaveLength(2);
  });

  test("decodes names, from clients and from plain requests", async () => {
    const { storage, notices } = await storageIn(scratchFolder());
    const container = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient(
      "flows",
    );
    await container.create();
    const name = "contoso chat/données 100%+#?.txt";
    await container.getBlockBlobClient(name).upload("1", 1);
    const key = /AccountKey=([^;]+)/.exec(storage.connectionString)?.[1] ?? "";
    const signature = generateBlobSASQueryParameters(
      {
        containerName: "flows",
        blobName: name,
        permissions: BlobSASPermissions.parse("cw"),
        expiresOn: new Date(Date.now() + 60_000),
      },
      new StorageSharedKeyCredential(storage.accountName, key),
    );
    const plain = await fetch(
      `${storage.blobEndpoint}/flows/${name.split("/").map(encodeURIComponent).join("/")}?${signature.toString()}`,
      { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" }, body: "2" },
    );
    expect(plain.status).toBe(201);
    await expect.poll(() => notices).toHaveLength(2);
    expect(notices.map((notice) => notice.kind === "created" && notice.blob)).toEqual([name, name]);
  });

  test("tells of a message that was queued and how long it stays hidden", async () => {
    const { storage, notices } = await storageIn(scratchFolder());
    const queue = QueueServiceClient.fromConnectionString(storage.connectionString).getQueueClient("changes");
    await queue.create();
    await queue.sendMessage("now");
    await queue.sendMessage("later", { visibilityTimeout: 7 });
    await queue.receiveMessages();
    await expect.poll(() => notices).toHaveLength(2);
    expect(notices).toEqual([
      { kind: "queued", queue: "changes", visibilityTimeout: 0 },
      { kind: "queued", queue: "changes", visibilityTimeout: 7 },
    ]);
  });
});
