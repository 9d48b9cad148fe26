import { createHash, randomUUID } from "node:crypto";
import type {
  BlobClient,
  BlobItem,
  BlockBlobClient,
  BlockBlobCommitBlockListOptions,
  ContainerClient,
} from "@azure/storage-blob";
import { ConflictError } from "../../errors.ts";
import {
  CONTAINERS,
  type BlobBody,
  type BlobContent,
  type BlobEntry,
  type BlobStore,
  type ContainerName,
} from "../../ports/blob-store.ts";
import type { StorageSettings } from "../../settings.ts";
import { failureOf, retryCall } from "./retry-call.ts";
import { createBlobServiceClient } from "./storage-clients.ts";

const PIECE_BYTES = 256 * 1024;
/** All names of a blob's blocks have the same length; a blob has 50,000 at most. */
const BLOCK_DIGITS = 6;

/**
 * Azure Blob Storage, one request a call (listings and what comes or goes in pieces: one a page or piece; the first
 * append to a blob: three). A guarded write
 * carries a random token in the blob's metadata, so that a retry whose first reply was lost knows its own work from
 * somebody else's. `pageSize`: blobs a listing asks for at once, 5,000 at most.
 */
export function createBlobStore(settings: StorageSettings, { pageSize = 5_000 } = {}): BlobStore {
  const service = createBlobServiceClient(settings);
  const containers = Object.fromEntries(
    CONTAINERS.map((name) => [name, service.getContainerClient(name)]),
  ) as Record<ContainerName, ContainerClient>;

  return {
    async read(container, name) {
      const content = await download(containers[container], name, undefined);
      return content === "unchanged" ? undefined : content;
    },

    readIfChanged: (container, name, etag) => download(containers[container], name, etag),

    async *readPieces(container, name, etag) {
      const client = containers[container].getBlobClient(name);
      for (let at = 0, bytes = 1; at < bytes;) {
        const piece = await rangeOf(client, at, etag);
        if (!piece) return;
        yield piece.body;
        at += piece.body.length;
        bytes = piece.bytes;
      }
    },

    async *list(container, prefix) {
      let continuationToken: string | undefined;
      do {
        const page = await retryCall(`Listing ${container}/${prefix}`, async (_attempt, abortSignal) => {
          const pages = containers[container]
            .listBlobsFlat({ prefix, abortSignal })
            .byPage({ maxPageSize: pageSize, ...(continuationToken ? { continuationToken } : {}) });
          return (await pages.next()).value;
        });
        for (const item of page?.segment.blobItems ?? []) yield entryOf(item);
        continuationToken = page?.continuationToken;
      } while (continuationToken);
    },

    async listFolders(container, prefix) {
      const folders: string[] = [];
      let continuationToken: string | undefined;
      do {
        const page = await retryCall(`Listing ${container}/${prefix}`, async (_attempt, abortSignal) => {
          const pages = containers[container]
            .listBlobsByHierarchy("/", { prefix, abortSignal })
            .byPage({ maxPageSize: pageSize, ...(continuationToken ? { continuationToken } : {}) });
          return (await pages.next()).value;
        });
        for (const folder of page?.segment.blobPrefixes ?? []) {
          folders.push(folder.name.slice(prefix.length, -1));
        }
        continuationToken = page?.continuationToken;
      } while (continuationToken);
      return folders;
    },

    async create(container, name, body) {
      const outcome = await put(containers[container], name, body, { ifNoneMatch: "*" });
      return outcome !== undefined;
    },

    async write(container, name, body, options = {}) {
      const etag = await put(containers[container], name, body, options);
      if (etag === undefined) {
        throw new ConflictError(
          `${container}/${name} changed since it was read. Read it again and decide again.`,
        );
      }
      return etag;
    },

    createEmpty: (container, name) =>
      retryCall(`Creating ${container}/${name}`, async (_attempt, abortSignal) => {
        const client = containers[container].getAppendBlobClient(name);
        return (await client.createIfNotExists({ abortSignal })).succeeded;
      }),

    async append(container, name, body) {
      const client = containers[container].getAppendBlobClient(name);
      const bytes = bytesOf(body);
      if (bytes.length === 0) return;
      await retryCall(`Appending to ${container}/${name}`, async (_attempt, abortSignal) => {
        try {
          await client.appendBlock(bytes, bytes.length, { abortSignal });
        } catch (error) {
          if (failureOf(error).code !== "BlobNotFound") throw error;
          await client.createIfNotExists({ abortSignal });
          await client.appendBlock(bytes, bytes.length, { abortSignal });
        }
      });
    },

    async delete(container, name) {
      await retryCall(`Deleting ${container}/${name}`, async (_attempt, abortSignal) => {
        try {
          await containers[container].getBlobClient(name).delete({ abortSignal, deleteSnapshots: "include" });
        } catch (error) {
          if (failureOf(error).code !== "BlobNotFound") throw error;
        }
      });
    },
  };
}

/** One request, so that what is read is one state of the blob. */
async function download(
  container: ContainerClient,
  name: string,
  unlessEtag: string | undefined,
): Promise<BlobContent | "unchanged" | undefined> {
  const client = container.getBlobClient(name);
  return retryCall(`Reading ${container.containerName}/${name}`, async (_attempt, abortSignal) => {
    try {
      const conditions = unlessEtag === undefined ? {} : { ifNoneMatch: unlessEtag };
      const reply = await client.download(0, undefined, { abortSignal, conditions });
      const chunks: Buffer[] = [];
      for await (const chunk of reply.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
      return {
        body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
        etag: quoted(reply.etag),
        lastModified: reply.lastModified ?? new Date(0),
      };
    } catch (error) {
      const { statusCode, code } = failureOf(error);
      if (statusCode === 304) return "unchanged";
      if (code === "BlobNotFound") return undefined;
      throw error;
    }
  });
}

/** What there is of a blob from a place on, a piece at most, and the bytes of all; undefined of one without bytes. */
async function rangeOf(
  client: BlobClient,
  from: number,
  etag: string,
): Promise<{ body: Buffer; bytes: number } | undefined> {
  return retryCall(`Reading ${client.containerName}/${client.name}`, async (_attempt, abortSignal) => {
    try {
      const conditions = { ifMatch: etag };
      const reply = await client.download(from, PIECE_BYTES, { abortSignal, conditions });
      const chunks: Buffer[] = [];
      for await (const chunk of reply.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
      const body = Buffer.concat(chunks);
      return { body, bytes: Number(/\d+$/.exec(reply.contentRange ?? "")?.[0] ?? from + body.length) };
    } catch (error) {
      const { statusCode, code } = failureOf(error);
      if (statusCode === 416) return undefined;
      if (statusCode !== 412 && code !== "BlobNotFound") throw error;
      throw new ConflictError(`${client.containerName}/${client.name} changed while it was read.`);
    }
  });
}

/** Writes under a condition. Returns the new ETag; undefined where the condition did not hold. */
async function put(
  container: ContainerClient,
  name: string,
  body: BlobBody,
  conditions: { ifMatch?: string; ifNoneMatch?: string },
): Promise<string | undefined> {
  const client = container.getBlockBlobClient(name);
  const token = randomUUID();
  return retryCall(`Writing ${container.containerName}/${name}`, async (attempt, abortSignal) => {
    try {
      const options = { abortSignal, conditions, metadata: { writer: token } };
      if (typeof body === "function") return quoted(await uploadPieces(client, body(), options));
      const bytes = bytesOf(body);
      return quoted((await client.upload(bytes, bytes.length, options)).etag);
    } catch (error) {
      const { statusCode, code } = failureOf(error);
      const refused = statusCode === 412 || code === "BlobAlreadyExists" || code === "BlobNotFound";
      if (!refused) throw error;
      return attempt === 1 ? undefined : await etagIfOurs(client, token, abortSignal);
    }
  });
}

/** Without a copy of what are bytes already. */
function bytesOf(body: string | Uint8Array): Buffer {
  if (typeof body === "string") return Buffer.from(body);
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

/** Block by block; nothing of it is there before the last request. The hash is what listings tell content by. */
async function uploadPieces(
  client: BlockBlobClient,
  pieces: Iterable<Uint8Array>,
  options: BlockBlobCommitBlockListOptions,
): Promise<string | undefined> {
  const md5 = createHash("md5");
  const blocks: string[] = [];
  const { abortSignal } = options;
  for (const piece of pieces) {
    const block = Buffer.from(String(blocks.length).padStart(BLOCK_DIGITS, "0")).toString("base64");
    md5.update(piece);
    await client.stageBlock(block, piece, piece.length, abortSignal ? { abortSignal } : {});
    blocks.push(block);
  }
  const reply = await client.commitBlockList(blocks, {
    ...options,
    blobHTTPHeaders: { blobContentMD5: md5.digest() },
  });
  return reply.etag;
}

async function etagIfOurs(
  client: BlockBlobClient,
  token: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  try {
    const properties = await client.getProperties({ abortSignal });
    return properties.metadata?.["writer"] === token ? quoted(properties.etag) : undefined;
  } catch (error) {
    if (failureOf(error).statusCode === 404) return undefined;
    throw error;
  }
}

function entryOf(item: BlobItem): BlobEntry {
  const { properties } = item;
  return {
    name: item.name,
    etag: quoted(properties.etag),
    lastModified: properties.lastModified,
    bytes: properties.contentLength ?? 0,
    contentMd5: properties.contentMD5 ? Buffer.from(properties.contentMD5).toString("base64") : undefined,
  };
}

/** Listings name ETags without the quotes that replies have; one form lets them be compared. */
function quoted(etag: string | undefined): string {
  return etag === undefined || etag.startsWith('"') ? (etag ?? "") : `"${etag}"`;
}
