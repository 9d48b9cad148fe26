import { PermanentError } from "../../shared/errors.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { readVersion, readVersionFiles } from "../../shared/registry/version-store.ts";

/** Whether a version's manifest and files are there and match their hashes. Unreachable storage is not an answer. */
export async function verifies(store: BlobStore, flow: string, version: string): Promise<boolean> {
  try {
    const manifest = await readVersion(store, flow, version);
    if (!Array.isArray(manifest?.files)) return false;
    await readVersionFiles(store, manifest);
    return true;
  } catch (error) {
    // A manifest that is no JSON any more is as good as none.
    if (error instanceof PermanentError || error instanceof SyntaxError) return false;
    throw error;
  }
}
