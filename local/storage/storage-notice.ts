/** What the tap tells about one request that the emulator has answered with success. */
export type StorageNotice = BlobNotice | QueueNotice;

export interface BlobNotice {
  kind: "created" | "deleted";
  /** The operation, by the name Azure's storage events use. */
  api: "PutBlob" | "PutBlockList" | "CopyBlob" | "DeleteBlob";
  container: string;
  /** The decoded name. */
  blob: string;
  /** Without quotes; undefined for a deleted blob, as are the three that follow. */
  etag: string | undefined;
  contentLength: number | undefined;
  contentType: string | undefined;
  blobType: string | undefined;
  clientRequestId: string | undefined;
  requestId: string;
  /** When the reply was sent; ISO 8601. */
  time: string;
}

export interface QueueNotice {
  kind: "queued";
  queue: string;
  /** Seconds until the message can be received. */
  visibilityTimeout: number;
}
