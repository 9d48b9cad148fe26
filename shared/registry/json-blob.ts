import { ConflictError } from "../errors.ts";
import type { BlobStore, ContainerName } from "../ports/blob-store.ts";

/** A JSON blob with the ETag it was read at. */
export interface JsonBlob<T> {
  value: T;
  etag: string;
}

/** Reads a blob Flowgate wrote itself, which is why its shape is taken on trust. Undefined where there is none. */
export async function readJson<T>(
  store: BlobStore,
  container: ContainerName,
  name: string,
): Promise<JsonBlob<T> | undefined> {
  const blob = await store.read(container, name);
  return blob && { value: JSON.parse(blob.body.toString("utf8")) as T, etag: blob.etag };
}

/** Writes where nothing is; false where something already was. */
export function createJson(
  store: BlobStore,
  container: ContainerName,
  name: string,
  value: object,
): Promise<boolean> {
  return store.create(container, name, serialise(value));
}

/** Replaces what was read at `etag`, or creates where nothing was read. False where somebody else came first. */
export async function replaceJson(
  store: BlobStore,
  container: ContainerName,
  name: string,
  value: object,
  etag: string | undefined,
): Promise<boolean> {
  if (etag === undefined) return store.create(container, name, serialise(value));
  try {
    await store.write(container, name, serialise(value), { ifMatch: etag });
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}

function serialise(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
