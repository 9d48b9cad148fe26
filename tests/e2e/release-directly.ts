import type { VersionManifest } from "../../shared/model/version.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { createJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";
import { snapshotFiles, storeVersion } from "../../shared/registry/version-store.ts";

/** Lets a version serve without an evaluation, for tests of what serving does. Returns it as `flow@version`. */
export async function releaseDirectly(
  store: BlobStore,
  definition: VersionManifest["definition"],
  files: ReadonlyMap<string, string>,
): Promise<string> {
  const contents = new Map([...files].map(([path, text]) => [path, Buffer.from(text)]));
  const flow = definition.name;
  const id = "0123456789ab";
  const createdAt = "2026-11-26T00:00:00Z";
  const manifest = {
    flow,
    id,
    definition,
    files: snapshotFiles(contents),
    createdAt,
    commit: undefined,
  };
  await storeVersion(store, manifest, contents);
  const stable = { version: id, suite: "s", run: "r", since: createdAt };
  await createJson(store, "registry", registryPath.release(flow), {
    flow,
    generation: 1,
    state: "idle",
    stable,
  });
  return `${flow}@${id}`;
}
