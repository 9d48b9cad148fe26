import type { Server } from "node:http";
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../shared/errors.ts";
import type { StorageNotice } from "./storage-notice.ts";
import { type BlobProperties, type TapOptions, tapBlobServer, tapQueueServer } from "./tap.ts";

/** What the thread that Azurite runs in is started with. It posts `WorkerMessage`s and obeys "close". */
export interface WorkerOptions {
  folder: string;
  ports: { blob: number; queue: number; table: number };
}

export type WorkerMessage =
  | { kind: "ready"; blob: string; queue: string; table: string }
  | { kind: "failed"; code: string | undefined; port: number | undefined; message: string }
  | { kind: "closed"; problem: string | undefined }
  | { kind: "notice"; notice: StorageNotice };

/** The part of Azurite's servers that is used here; the package ships no types. */
interface EmulatorServer {
  httpServer: Server;
  start(): Promise<void>;
  close(): Promise<void>;
  getHttpServerAddress(): string;
}

interface BlobEmulatorServer extends EmulatorServer {
  metadataStore: {
    getBlob(
      context: object,
      account: string,
      container: string,
      blob: string,
    ): Promise<{ properties: BlobProperties } | undefined>;
  };
}

type Constructor<T> = new (...values: unknown[]) => T;

const require = createRequire(import.meta.url);

// Azurite reports its use to its vendor through this package, which also is most of what it loads. An empty module
// in its place makes sure that nothing is reported.
const reporting = createRequire(require.resolve("azurite/package.json")).resolve("applicationinsights");
const emptyModule = new Module(reporting);
emptyModule.loaded = true;
require.cache[reporting] = emptyModule;

const servers = createServers(workerData);
parentPort?.on("message", (message) => {
  if (message === "close") void close();
});
void start();

async function start(): Promise<void> {
  try {
    for (const server of Object.values(servers)) await server.start();
    post({
      kind: "ready",
      blob: servers.blob.getHttpServerAddress(),
      queue: servers.queue.getHttpServerAddress(),
      table: servers.table.getHttpServerAddress(),
    });
  } catch (error) {
    const { code, port } = error as { code?: string; port?: number };
    post({ kind: "failed", code, port, message: messageOf(error) });
  }
}

/** Azurite keeps its records in memory and saves them every five seconds; closing a server saves them. */
async function close(): Promise<void> {
  const outcomes = await Promise.allSettled(Object.values(servers).map((server) => server.close()));
  const problem = outcomes.find((outcome) => outcome.status === "rejected");
  post({ kind: "closed", problem: problem && messageOf(problem.reason) });
}

function createServers({ folder, ports }: WorkerOptions): {
  blob: BlobEmulatorServer;
  queue: EmulatorServer;
  table: EmulatorServer;
} {
  const BlobServer: Constructor<BlobEmulatorServer> = require("azurite/dist/src/blob/BlobServer").default;
  const QueueServer: Constructor<EmulatorServer> = require("azurite/dist/src/queue/QueueServer").default;
  const TableServer: Constructor<EmulatorServer> = require("azurite/dist/src/table/TableServer").default;
  const BlobConfiguration: Constructor<object> = require("azurite/dist/src/blob/BlobConfiguration").default;
  const QueueConfiguration: Constructor<object> =
    require("azurite/dist/src/queue/QueueConfiguration").default;
  const TableConfiguration: Constructor<object> =
    require("azurite/dist/src/table/TableConfiguration").default;

  const host = "127.0.0.1";
  // Longer than clients keep an idle connection, so that none is closed under a request.
  const keepAliveSeconds = 300;
  const noAccessLog = [false, undefined];
  const noDebugLog = [false, undefined];
  const strictAnyApiVersion = [false, true];
  const content = (name: string, maxConcurrency: number) => [
    { locationId: "Default", locationPath: join(folder, name), maxConcurrency },
  ];
  const blob = new BlobServer(
    new BlobConfiguration(
      host,
      ports.blob,
      keepAliveSeconds,
      join(folder, "blob.json"),
      join(folder, "blob-extents.json"),
      content("blobs", 50),
      ...noAccessLog,
      ...noDebugLog,
      ...strictAnyApiVersion,
    ),
  );
  const queue = new QueueServer(
    new QueueConfiguration(
      host,
      ports.queue,
      keepAliveSeconds,
      join(folder, "queue.json"),
      join(folder, "queue-extents.json"),
      content("queues", 1),
      ...noAccessLog,
      ...noDebugLog,
      ...strictAnyApiVersion,
    ),
  );
  const table = new TableServer(
    new TableConfiguration(
      host,
      ports.table,
      keepAliveSeconds,
      join(folder, "table.json"),
      false,
      ...noAccessLog,
      undefined,
      ...strictAnyApiVersion,
    ),
  );

  const blobOperations: Record<number, string> =
    require("azurite/dist/src/blob/generated/artifacts/operation").default;
  const queueOperations: Record<number, string> =
    require("azurite/dist/src/queue/generated/artifacts/operation").default;
  const tap: TapOptions = {
    post: (notice) => post({ kind: "notice", notice }),
    blobOperationName: (operation) => blobOperations[operation],
    queueOperationName: (operation) => queueOperations[operation],
    blobProperties: async (account, container, name) =>
      (await blob.metadataStore.getBlob({}, account, container, name))?.properties,
  };
  tapBlobServer(blob.httpServer, tap);
  tapQueueServer(queue.httpServer, tap);
  return { blob, queue, table };
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message, []);
}
