import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { BlobNotice, StorageNotice } from "./storage-notice.ts";

/** What the emulator knows about a blob; the part of its own record that a notice repeats. */
export interface BlobProperties {
  contentLength?: number;
  contentType?: string;
  blobType?: string;
}

export interface TapOptions {
  post: (notice: StorageNotice) => void;
  blobOperationName: (operation: number) => string | undefined;
  queueOperationName: (operation: number) => string | undefined;
  blobProperties: (account: string, container: string, blob: string) => Promise<BlobProperties | undefined>;
}

/** What the emulator's first middlewares leave on a response: the operation, and the names already decoded. */
interface EmulatorContext {
  operation?: number;
  account: string;
  container: string;
  blob: string;
  queue: string;
}

/**
 * The operations for which Azure raises a storage event. Staged blocks, appended blocks, metadata and leases raise
 * none. Deletes inside a batch request are answered within that one request and are not seen.
 */
const BLOB_OPERATIONS: Record<string, Pick<BlobNotice, "kind" | "api">> = {
  BlockBlob_Upload: { kind: "created", api: "PutBlob" },
  BlockBlob_PutBlobFromUrl: { kind: "created", api: "PutBlob" },
  AppendBlob_Create: { kind: "created", api: "PutBlob" },
  PageBlob_Create: { kind: "created", api: "PutBlob" },
  BlockBlob_CommitBlockList: { kind: "created", api: "PutBlockList" },
  Blob_StartCopyFromURL: { kind: "created", api: "CopyBlob" },
  Blob_CopyFromURL: { kind: "created", api: "CopyBlob" },
  Blob_Delete: { kind: "deleted", api: "DeleteBlob" },
};

/** Posts a notice for every blob that a request made, replaced or deleted, once its reply is on the way. */
export function tapBlobServer(server: Server, options: TapOptions): void {
  onSuccess(server, "azurite_blob_context", (request, response, context) => {
    const raised = BLOB_OPERATIONS[options.blobOperationName(context.operation ?? -1) ?? ""];
    if (!raised || onlySnapshots(request)) return;
    const etag = response.getHeader("etag");
    const clientRequestId = request.headers["x-ms-client-request-id"];
    const notice: BlobNotice = {
      ...raised,
      container: context.container,
      blob: context.blob,
      etag: typeof etag === "string" && raised.kind === "created" ? etag.replaceAll('"', "") : undefined,
      contentLength: undefined,
      contentType: undefined,
      blobType: undefined,
      clientRequestId: typeof clientRequestId === "string" ? clientRequestId : undefined,
      requestId: String(response.getHeader("x-ms-request-id")),
      time: new Date().toISOString(),
    };
    if (raised.kind === "deleted") return options.post(notice);
    // A block list or a copy does not name its size, so the emulator is asked; a missing size must not lose an event.
    options.blobProperties(context.account, context.container, context.blob).then(
      (properties) => {
        notice.contentLength = properties?.contentLength;
        notice.contentType = properties?.contentType;
        notice.blobType = properties?.blobType;
        options.post(notice);
      },
      () => options.post(notice),
    );
  });
}

/** Posts a notice for every message put into a queue, once its reply is on the way. */
export function tapQueueServer(server: Server, options: TapOptions): void {
  onSuccess(server, "azurite_queue_context", (request, _response, context) => {
    if (options.queueOperationName(context.operation ?? -1) !== "Messages_Enqueue") return;
    const visibilityTimeout = Number(queryOf(request).get("visibilitytimeout") ?? 0);
    options.post({ kind: "queued", queue: context.queue, visibilityTimeout });
  });
}

type AnsweredRequest = (request: IncomingMessage, response: ServerResponse, context: EmulatorContext) => void;

function onSuccess(server: Server, contextName: string, answered: AnsweredRequest): void {
  server.prependListener("request", (request, response: ServerResponse & EmulatorLocals) => {
    response.once("finish", () => {
      const context = response.locals?.[contextName];
      const succeeded = response.statusCode >= 200 && response.statusCode < 300;
      if (succeeded && context) answered(request, response, context);
    });
  });
}

interface EmulatorLocals {
  locals?: Record<string, EmulatorContext | undefined>;
}

function onlySnapshots(request: IncomingMessage): boolean {
  return request.headers["x-ms-delete-snapshots"] === "only" || queryOf(request).has("snapshot");
}

function queryOf(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? "/", "http://storage").searchParams;
}
