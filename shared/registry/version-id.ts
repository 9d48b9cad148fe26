import { contentHash } from "../model/canonical.ts";
import type { SnapshotFile, VersionManifest } from "../model/version.ts";

/** The name of a version by its content: the first 12 hex digits of the SHA-256 of its definition and files. */
export function versionId(definition: VersionManifest["definition"], files: readonly SnapshotFile[]): string {
  return contentHash([definition, files]).slice(0, 12);
}
