import { isUtf8 } from "node:buffer";
import type { FileChange } from "../model/changes.ts";
import type { SnapshotFile } from "../model/version.ts";
import { unifiedDiff } from "./unified-diff.ts";

/** Beyond this a file is named and not shown. */
const MOST_BYTES = 1024 * 1024;

/** Files shown line by line, and files named at all. A folder of knowledge may have thousands. */
const MOST_DIFFS = 40;
const MOST_FILES = 200;

/** A snapshot's files, and how to read one; undefined where it is gone. */
export interface SnapshotFiles {
  files: readonly SnapshotFile[];
  read(path: string): Promise<Uint8Array | undefined>;
}

/** The files that differ, prompts first, then in the order of their paths. Reads only those, one pair at a time. */
export async function fileChanges(
  before: SnapshotFiles,
  after: SnapshotFiles,
  roleOf: (path: string) => FileChange["role"],
): Promise<{ files: FileChange[]; moreFiles: number }> {
  const old = new Map(before.files.map((file) => [file.path, file]));
  const now = new Map(after.files.map((file) => [file.path, file]));
  const paths = [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path)?.sha256 !== now.get(path)?.sha256)
    .sort((a, b) => rank(roleOf(a)) - rank(roleOf(b)) || (a < b ? -1 : 1));
  const changes: FileChange[] = [];
  for (const path of paths.slice(0, MOST_FILES)) {
    const [was, is] = [old.get(path), now.get(path)];
    const kind = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    const sizes = [was, is].flatMap((file) => (file ? [file.bytes] : []));
    const why =
      changes.length >= MOST_DIFFS
        ? "one of many files that changed"
        : Math.max(...sizes) > MOST_BYTES
          ? `too large to show: ${sizes.join(" bytes before, ")} bytes`
          : undefined;
    const diff =
      why !== undefined
        ? unshown(why)
        : textDiff(was && (await before.read(path)), is && (await after.read(path)));
    changes.push({ path, role: roleOf(path), kind, ...diff });
  }
  return { files: changes, moreFiles: Math.max(0, paths.length - MOST_FILES) };
}

function rank(role: FileChange["role"]): number {
  return role === "prompt" ? 0 : 1;
}

type ShownDiff = Pick<FileChange, "added" | "removed" | "diff" | "note">;

function unshown(note: string): ShownDiff {
  return { added: undefined, removed: undefined, diff: undefined, note };
}

function textDiff(before: Uint8Array | undefined, after: Uint8Array | undefined): ShownDiff {
  const texts = [before, after].map((bytes) => (bytes === undefined ? "" : textOf(bytes)));
  const [old, now] = texts;
  if (old === undefined || now === undefined) return unshown("no text");
  const diff = unifiedDiff(old, now);
  if (!diff) return unshown("too different to show line by line");
  const { lines, added, removed, more } = diff;
  const note =
    lines.length === 0
      ? "only line endings differ"
      : more > 0
        ? `${more} more lines of the diff are not shown`
        : undefined;
  return { added, removed, diff: lines, note };
}

function textOf(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes) || bytes.includes(0)) return undefined;
  return new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
}
