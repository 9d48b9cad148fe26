import { PermanentError } from "../../shared/errors.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { readVersion, readVersionFiles } from "../../shared/registry/version-store.ts";

/** Whether a version's manifest and files are there and match their hashes. Unreachable storage is not an answer. */
export async function verifies(store: BlobStore, flow: string, version: string): Promise<boolean> {
  try {
    await readVersionFiles(store, await readVersion(store, flow, version));
    return true;
  } catch (error) {
    if (error instanceof PermanentError) return false;
    throw error;
  }
}
