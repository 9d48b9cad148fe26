import type { BlobContent, BlobStore } from "../ports/blob-store.ts";

const WRITTEN_ONCE = /\/(manifest|plan)\.json$/;
const KEPT = 256;

/**
 * A store that reads manifests and plans once: they are written once and never change, and every shard of a run
 * needs the same few.
 */
export function rememberManifests(store: BlobStore): BlobStore {
  const remembered = new Map<string, BlobContent>();
  return {
    ...store,
    async read(container, name) {
      if (container !== "registry" || !WRITTEN_ONCE.test(name)) return store.read(container, name);
      const known = remembered.get(name);
      if (known) return known;
      const blob = await store.read(container, name);
      if (!blob) return undefined;
      const oldest = remembered.keys().next();
      if (remembered.size >= KEPT && !oldest.done) remembered.delete(oldest.value);
      remembered.set(name, blob);
      return blob;
    },
  };
}
