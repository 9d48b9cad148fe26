import type { VersionManifest } from "../model/version.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { VersionSnapshot } from "../report/version-changes.ts";
import { readJson } from "./json-blob.ts";
import { registryPath } from "./paths.ts";

/** A stored version, whose files are read when they are asked for; undefined where there is none. */
export async function openVersionSnapshot(
  store: BlobStore,
  flow: string,
  version: string,
): Promise<VersionSnapshot | undefined> {
  const manifest = await readJson<VersionManifest>(store, "registry", registryPath.version(flow, version));
  if (!manifest) return undefined;
  const { definition, files } = manifest.value;
  return {
    definition,
    files,
    read: async (path) => (await store.read("registry", registryPath.versionFile(flow, version, path)))?.body,
  };
}
