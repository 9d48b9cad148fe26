import { ConflictError, RetryLaterError } from "../../shared/errors.ts";
import { hashOf } from "../../shared/flow/file-pieces.ts";
import { filesWithLarge, isLarge } from "../../shared/flow/files-with-large.ts";
import { contentHash } from "../../shared/model/canonical.ts";
import type { FlowFiles } from "../../shared/model/flow.ts";
import type { FlowSource } from "../../shared/model/intake.ts";
import type { Commit } from "../../shared/model/version.ts";
import type { BlobEntry, BlobStore } from "../../shared/ports/blob-store.ts";
import type { Spool, SpooledFile } from "../../shared/ports/spool.ts";
import { folderOf } from "./flow-source.ts";

/** The files that open and close a push; they describe a change and are not part of it. */
export const PUSH_FILE = ".push.json";
export const COMMIT_FILE = ".commit.json";

/** One consistent reading of a flow's folder, to be disposed of when it is done with. */
export interface WorkingCopy extends Disposable {
  /** SHA-256 over names and ETags: the same listing is the same change. */
  fingerprint: string;
  files: FlowFiles;
  commit: Commit | undefined;
  /** A push that was opened and not closed, and whose files are not all here. */
  openPush: { since: Date; arrived: number; announced: number } | undefined;
  /** Files that are too large to be read. */
  oversized: { path: string; bytes: number }[];
}

const MOST_BYTES = 32 * 1024 * 1024;
const ATTEMPTS = 3;

/** The fingerprint and the time of the newest write, from one listing. */
export async function listWorkingCopy(
  store: BlobStore,
  source: FlowSource,
): Promise<{ entries: BlobEntry[]; fingerprint: string }> {
  const entries: BlobEntry[] = [];
  for await (const entry of store.list(source.container, folderOf(source))) entries.push(entry);
  const fingerprint = contentHash(
    entries.filter((entry) => !entry.name.endsWith(`/${PUSH_FILE}`)).map(({ name, etag }) => [name, etag]),
  );
  return { entries, fingerprint };
}

/**
 * Reads every file of the folder so that all belong to one moment: the ETags listed before, those of the files read
 * and those listed after must agree. What is large goes to the spool, piece by piece. Throws `RetryLaterError` where
 * writers never pause for long enough.
 */
export async function readWorkingCopy(
  store: BlobStore,
  source: FlowSource,
  spool: Spool,
): Promise<WorkingCopy> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await listWorkingCopy(store, source);
    const readable = before.entries.filter((entry) => entry.bytes <= MOST_BYTES);
    const prefix = folderOf(source).length;
    const held = readable.filter(
      ({ name, bytes }) => !isLarge(name, bytes) || [COMMIT_FILE, PUSH_FILE].includes(name.slice(prefix)),
    );
    const contents = await Promise.all(
      held.map(async (entry) => ({ entry, blob: await store.read(source.container, entry.name) })),
    );
    if (contents.some(({ entry, blob }) => blob?.etag !== entry.etag)) continue;
    const spooled = await spoolAll(
      readable.filter((entry) => !held.includes(entry)),
      store,
      source,
      spool,
    );
    if (!spooled) continue;
    const after = await listWorkingCopy(store, source);
    if (after.fingerprint !== before.fingerprint) {
      dispose(spooled);
      continue;
    }

    const read = new Map<string, Uint8Array>(
      contents.map(({ entry, blob }) => [entry.name.slice(prefix), blob?.body ?? Buffer.alloc(0)]),
    );
    const commit: Commit | undefined = parseObject(read.get(COMMIT_FILE));
    const push: PushFile | undefined = parseObject(read.get(PUSH_FILE));
    const since = before.entries.find((entry) => entry.name.endsWith(`/${PUSH_FILE}`))?.lastModified;
    read.delete(COMMIT_FILE);
    read.delete(PUSH_FILE);
    const files = filesWithLarge(
      read,
      new Map([...spooled].map(([name, file]) => [name.slice(prefix), file])),
    );
    return {
      [Symbol.dispose]: () => dispose(spooled),
      fingerprint: before.fingerprint,
      files,
      commit: commit && commitFacts(commit),
      openPush: push && since && openPush(push, commit, files, since),
      oversized: before.entries
        .filter((entry) => entry.bytes > MOST_BYTES)
        .map((entry) => ({ path: entry.name.slice(prefix), bytes: entry.bytes })),
    };
  }
  throw new RetryLaterError(`The files of ${folderOf(source)} keep changing while they are read.`);
}

/** Undefined where one changed while it was read. */
async function spoolAll(
  entries: readonly BlobEntry[],
  store: BlobStore,
  { container }: FlowSource,
  spool: Spool,
): Promise<ReadonlyMap<string, SpooledFile> | undefined> {
  const spooled = new Map<string, SpooledFile>();
  try {
    for (const { name, etag } of entries)
      spooled.set(name, await spool.keep(store.readPieces(container, name, etag)));
    return spooled;
  } catch (error) {
    dispose(spooled);
    if (error instanceof ConflictError) return undefined;
    throw error;
  }
}

function dispose(spooled: ReadonlyMap<string, Disposable>): void {
  for (const file of spooled.values()) file[Symbol.dispose]();
}

interface PushFile {
  pushId?: string;
  files?: Record<string, string>;
}

function openPush(
  push: PushFile,
  commit: Commit | undefined,
  files: FlowFiles,
  since: Date,
): WorkingCopy["openPush"] {
  if (push.pushId === undefined || push.pushId === commit?.pushId) return undefined;
  const announced = Object.entries(push.files ?? {});
  const arrived = announced.filter(
    ([path, hash]) => files.has(path) && hashOf(path, files, "sha256") === hash,
  );
  if (arrived.length === announced.length && files.size === announced.length) return undefined;
  return { since, arrived: arrived.length, announced: announced.length };
}

/** Only the known facts, and only where they have the right type: the file may come from any client. */
function commitFacts(commit: Commit): Commit {
  const facts: Commit = {};
  for (const key of ["repository", "commit", "branch", "author", "message", "pushId"] as const) {
    if (typeof commit[key] === "string") facts[key] = commit[key].slice(0, 2000);
  }
  if (typeof commit.pullRequest === "number") facts.pullRequest = commit.pullRequest;
  return facts;
}

function parseObject(content: Uint8Array | undefined): object | undefined {
  if (!content) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(content).toString("utf8"));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
