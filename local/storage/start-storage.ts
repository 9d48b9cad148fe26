import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf } from "../../shared/errors.ts";
import { childEnvironment } from "../../shared/settings.ts";
import type { WorkerMessage, WorkerOptions } from "./azurite-worker.ts";
import type { StorageNotice } from "./storage-notice.ts";

export interface StorageOptions {
  /** Where the emulator keeps its state; made where it is missing. One storage at a time may use it. */
  folder: string;
  /** Free ports unless given. */
  ports?: { blob?: number; queue?: number; table?: number };
  /** Told of every successful write, after its reply was sent. */
  onRequest: (notice: StorageNotice) => void;
  /** Told when the emulator dies while it is in use. */
  onFailure?: (error: Error) => void;
}

export interface Storage {
  accountName: string;
  /** Works with every Azure storage client. Holds the account's key: not for logs. */
  connectionString: string;
  blobEndpoint: string;
  queueEndpoint: string;
  /** Saves what is in memory and stops. What was written in the 5 s before a kill is lost. */
  close(): Promise<void>;
}

const ACCOUNT = "devstoreaccount1";

/**
 * Starts the storage emulator (Azurite: blob, queue and table) in a thread of its own. Throws one clear error where
 * the folder cannot be written or a port is taken.
 */
export async function startStorage(options: StorageOptions): Promise<Storage> {
  const folder = resolve(options.folder);
  const key = keepAccountKey(folder);
  const ports = { blob: 0, queue: 0, table: 0, ...options.ports };
  const worker = new Worker(new URL("./azurite-worker.ts", import.meta.url), {
    workerData: { folder, ports } satisfies WorkerOptions,
    env: childEnvironment({ AZURITE_ACCOUNTS: `${ACCOUNT}:${key}` }),
  });
  const thread = followThread(worker, options);
  let addresses: Extract<WorkerMessage, { kind: "ready" }>;
  try {
    addresses = await thread.ready;
  } catch (error) {
    await worker.terminate();
    throw error;
  }

  const blobEndpoint = `${addresses.blob}/${ACCOUNT}`;
  const queueEndpoint = `${addresses.queue}/${ACCOUNT}`;
  let closing: Promise<void> | undefined;
  return {
    accountName: ACCOUNT,
    connectionString: [
      "DefaultEndpointsProtocol=http",
      `AccountName=${ACCOUNT}`,
      `AccountKey=${key}`,
      `BlobEndpoint=${blobEndpoint}`,
      `QueueEndpoint=${queueEndpoint}`,
      `TableEndpoint=${addresses.table}/${ACCOUNT}`,
    ].join(";"),
    blobEndpoint,
    queueEndpoint,
    close: () => (closing ??= thread.close()),
  };
}

/** The account's key is random and stays with the data, so that a client set up once keeps working. */
function keepAccountKey(folder: string): string {
  const file = join(folder, "account-key");
  try {
    mkdirSync(folder, { recursive: true });
    try {
      writeFileSync(file, randomBytes(64).toString("base64"), { mode: 0o600, flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new Error(
      `The storage folder ${folder} cannot be written (${messageOf(error)}). ` +
        "Make it writable, or name another with FLOWGATE_DATA.",
      { cause: error },
    );
  }
}

interface Thread {
  ready: Promise<Extract<WorkerMessage, { kind: "ready" }>>;
  close(): Promise<void>;
}

function followThread(worker: Worker, options: StorageOptions): Thread {
  const ready = Promise.withResolvers<Extract<WorkerMessage, { kind: "ready" }>>();
  const closed = Promise.withResolvers<void>();
  // Whoever closes hears of it; without this a death before that would end the process as an unhandled rejection.
  closed.promise.catch(() => undefined);
  let started = false;
  let over = false;

  const ended = (error: Error): void => {
    if (over) return;
    over = true;
    ready.reject(error);
    closed.reject(error);
    if (started) options.onFailure?.(error);
  };
  worker.on("message", (message: WorkerMessage) => {
    if (message.kind === "notice") return options.onRequest(message.notice);
    if (message.kind === "ready") {
      started = true;
      return ready.resolve(message);
    }
    if (message.kind === "failed") return ended(startError(message, options));
    over = true;
    if (message.problem === undefined) closed.resolve();
    else closed.reject(new Error(`The embedded storage did not save its state: ${message.problem}`));
  });
  worker.on("error", (error) => ended(new Error("The embedded storage failed.", { cause: error })));
  worker.on("exit", (code) => ended(new Error(`The embedded storage ended with code ${code}.`)));

  return {
    ready: ready.promise,
    async close() {
      worker.postMessage("close", []);
      try {
        await closed.promise;
      } finally {
        await worker.terminate();
      }
    },
  };
}

function startError(failure: Extract<WorkerMessage, { kind: "failed" }>, options: StorageOptions): Error {
  if (failure.code !== "EADDRINUSE") {
    return new Error(`The embedded storage could not start in ${options.folder}: ${failure.message}`);
  }
  const part =
    Object.entries(options.ports ?? {}).find(([, port]) => port === failure.port)?.[0] ?? "storage";
  return new Error(
    `Port ${failure.port} is taken, so the embedded ${part} storage cannot start. ` +
      "Stop what listens there, or give another port.",
  );
}
