/** The containers of the design's storage table. */
export const CONTAINERS = ["flows", "proposals", "registry", "cache", "traffic"] as const;
export type ContainerName = (typeof CONTAINERS)[number];

export interface BlobContent {
  body: Buffer;
  etag: string;
  lastModified: Date;
}

export interface BlobEntry {
  name: string;
  etag: string;
  lastModified: Date;
  bytes: number;
  /** Base64, where the service knows it (a blob written by one request). */
  contentMd5: string | undefined;
}

/** What a blob is written from: its content, or the pieces of it, from the first one on each time they are asked for. */
export type BlobBody = string | Uint8Array | (() => Iterable<Uint8Array>);

/**
 * What a stage may ask of blob storage. Blob names are `/`-separated. Transient failures are retried inside, with
 * jitter; what still fails after that is thrown as `RetryLaterError`.
 */
export interface BlobStore {
  /** The blob, or undefined where there is none. */
  read(container: ContainerName, name: string): Promise<BlobContent | undefined>;
  /** As `read`, but "unchanged" while the blob still has that ETag. */
  readIfChanged(
    container: ContainerName,
    name: string,
    etag: string,
  ): Promise<BlobContent | "unchanged" | undefined>;
  /**
   * The blob's bytes piece by piece, a quarter of a megabyte at most each, all of the state with that ETag. Throws
   * `ConflictError` where the blob has another one by then or is gone.
   */
  readPieces(container: ContainerName, name: string, etag: string): AsyncIterable<Uint8Array>;
  /** Blobs whose names start with the prefix, in name order, paged inside. */
  list(container: ContainerName, prefix: string): AsyncIterable<BlobEntry>;
  /** The names of the "folders" directly under a prefix that ends in `/` or is empty, without the slash. */
  listFolders(container: ContainerName, prefix: string): Promise<string[]>;
  /** Writes where nothing is. False where something already was: whoever came first stands. */
  create(container: ContainerName, name: string, body: BlobBody): Promise<boolean>;
  /** Overwrites; with `ifMatch` only while the blob has that ETag, else `ConflictError`. Returns the new ETag. */
  write(
    container: ContainerName,
    name: string,
    body: BlobBody,
    options?: { ifMatch?: string },
  ): Promise<string>;
  /** Makes an empty blob to append to. False where something already was. */
  createEmpty(container: ContainerName, name: string): Promise<boolean>;
  /** Adds to the end of an append blob, made where there is none. A lost reply may append twice. */
  append(container: ContainerName, name: string, body: string | Uint8Array): Promise<void>;
  /** No error where there is none. */
  delete(container: ContainerName, name: string): Promise<void>;
}
