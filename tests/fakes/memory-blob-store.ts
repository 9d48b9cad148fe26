import { createHash } from "node:crypto";
import { ConflictError } from "../../shared/errors.ts";
import type { BlobBody, BlobEntry, BlobStore, ContainerName } from "../../shared/ports/blob-store.ts";

interface StoredBlob {
  body: Buffer;
  etag: string;
  lastModified: Date;
  contentMd5: string | undefined;
}

const PIECE_BYTES = 256 * 1024;

/** Blob storage in memory, held to the same contract as the real one by `tests/contract/blob-store.test.ts`. */
export function createMemoryBlobStore(now: () => Date = () => new Date()): BlobStore {
  const blobs = new Map<string, StoredBlob>();
  let writes = 0;

  function store(key: string, body: Buffer, contentMd5: string | undefined): string {
    writes += 1;
    const etag = `"0x${writes.toString(16).padStart(15, "0")}"`;
    blobs.set(key, { body, etag, lastModified: now(), contentMd5 });
    return etag;
  }

  function put(key: string, body: BlobBody): string {
    const bytes = typeof body === "function" ? Buffer.concat([...body()]) : Buffer.from(body);
    return store(key, bytes, createHash("md5").update(bytes).digest("base64"));
  }

  function entries(container: ContainerName, prefix: string): BlobEntry[] {
    const start = `${container}/`;
    return [...blobs]
      .filter(([key]) => key.startsWith(start + prefix))
      .map(([key, { body, etag, lastModified, contentMd5 }]) => {
        return { name: key.slice(start.length), etag, lastModified, bytes: body.length, contentMd5 };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  return {
    async read(container, name) {
      const blob = blobs.get(`${container}/${name}`);
      return blob && { body: Buffer.from(blob.body), etag: blob.etag, lastModified: blob.lastModified };
    },
    async readIfChanged(container, name, etag) {
      const blob = blobs.get(`${container}/${name}`);
      return blob?.etag === etag ? "unchanged" : this.read(container, name);
    },
    async *readPieces(container, name, etag) {
      const size = blobs.get(`${container}/${name}`)?.body.length ?? 1;
      for (let at = 0; at < size; at += PIECE_BYTES) {
        const blob = blobs.get(`${container}/${name}`);
        if (blob?.etag !== etag) throw new ConflictError(`${container}/${name} changed while it was read.`);
        yield Buffer.from(blob.body.subarray(at, at + PIECE_BYTES));
      }
    },
    async *list(container, prefix) {
      yield* entries(container, prefix);
    },
    async listFolders(container, prefix) {
      const below = entries(container, prefix).map(({ name }) => name.slice(prefix.length));
      return [
        ...new Set(
          below.filter((name) => name.includes("/")).map((name) => name.slice(0, name.indexOf("/"))),
        ),
      ];
    },
    async create(container, name, body) {
      if (blobs.has(`${container}/${name}`)) return false;
      put(`${container}/${name}`, body);
      return true;
    },
    async write(container, name, body, options = {}) {
      const key = `${container}/${name}`;
      if (options.ifMatch !== undefined && blobs.get(key)?.etag !== options.ifMatch) {
        throw new ConflictError(`${key} changed since it was read. Read it again and decide again.`);
      }
      return put(key, body);
    },
    async createEmpty(container, name) {
      const key = `${container}/${name}`;
      if (blobs.has(key)) return false;
      store(key, Buffer.alloc(0), undefined);
      return true;
    },
    async append(container, name, body) {
      if (Buffer.byteLength(body) === 0) return;
      const key = `${container}/${name}`;
      const before = blobs.get(key)?.body ?? Buffer.alloc(0);
      store(key, Buffer.concat([before, Buffer.from(body)]), undefined);
    },
    async delete(container, name) {
      blobs.delete(`${container}/${name}`);
    },
  };
}
