import { randomUUID } from "node:crypto";
import { hashOf } from "../shared/flow/file-pieces.ts";
import type { FlowFiles } from "../shared/model/flow.ts";
import type { Commit } from "../shared/model/version.ts";
import type { BlobBody, BlobStore } from "../shared/ports/blob-store.ts";
import { CommandError } from "./command-error.ts";

export interface PushProgress {
  done: number;
  /** Files to upload and to delete. */
  total: number;
}

export interface PushResult {
  pushId: string;
  uploaded: string[];
  deleted: string[];
  unchanged: number;
}

const PARALLEL_REQUESTS = 8;
const OPENING = ".push.json";
const CLOSING = ".commit.json";

interface Push {
  store: BlobStore;
  flow: string;
  /** The push is a proposal of this name: evaluated, never released. */
  proposal?: string | undefined;
  files: FlowFiles;
  commit: Commit;
  onProgress?: (progress: PushProgress) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Makes `flows/<flow>/` (of a proposal: `proposals/<proposal>/<flow>/`) hold exactly `files`, sending only what differs. `.push.json` opens the push and
 * `.commit.json` closes it; until then the platform takes nothing of it for a version, so whatever interrupts a push
 * leaves production as it is, and the next push mends the working copy.
 *
 * Throws the signal's reason when aborted before the push closes, and `CommandError` when another push of the flow
 * opened meanwhile.
 */
export async function pushFlow(push: Push): Promise<PushResult> {
  const { store, files, commit, signal } = push;
  const hashes = Object.fromEntries([...files.keys()].map((path) => [path, hashOf(path, files, "sha256")]));
  const opening = { pushId: randomUUID(), startedAt: new Date().toISOString(), files: hashes };
  const work = await orAborted(openAndSend(push, opening), signal);
  // From here on an abort comes too late: nobody could tell whether the push closed.
  const closing = { ...commit, pushId: opening.pushId, files: hashes };
  const { container, folder } = placeOf(push);
  await store.write(container, folder + CLOSING, JSON.stringify(closing));
  return { pushId: opening.pushId, ...work, unchanged: files.size - work.uploaded.length };
}

function placeOf({ flow, proposal }: Push): { container: "flows" | "proposals"; folder: string } {
  return proposal === undefined
    ? { container: "flows", folder: `${flow}/` }
    : { container: "proposals", folder: `${proposal}/${flow}/` };
}

async function openAndSend(
  push: Push,
  opening: { pushId: string },
): Promise<{ uploaded: string[]; deleted: string[] }> {
  const { store, files, onProgress, signal } = push;
  const { container, folder } = placeOf(push);
  signal?.throwIfAborted();
  const blobName = (path: string): string => folder + path;
  await store.write(container, blobName(OPENING), JSON.stringify(opening));
  const stored = new Map<string, string | undefined>();
  for await (const entry of store.list(container, folder)) {
    stored.set(entry.name.slice(folder.length), entry.contentMd5);
  }
  const uploaded = [...files.keys()].filter((path) => stored.get(path) !== hashOf(path, files, "md5"));
  const deleted = [...stored.keys()].filter(
    (path) => !files.has(path) && path !== OPENING && path !== CLOSING,
  );

  const total = uploaded.length + deleted.length;
  let done = 0;
  // Shared by the workers: one that fails closes the generator, and with it the others' work.
  const requests = (function* () {
    for (const path of uploaded) yield () => store.write(container, blobName(path), bodyOf(path, files));
    for (const path of deleted) yield () => store.delete(container, blobName(path));
  })();
  async function takeRequests(): Promise<void> {
    for (const send of requests) {
      signal?.throwIfAborted();
      await send();
      done += 1;
      onProgress?.({ done, total });
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL_REQUESTS, total) }, takeRequests));
  const current = await store.read(container, blobName(OPENING));
  refuseOtherPush(current?.body.toString(), opening.pushId);
  return { uploaded, deleted };
}

/** Two pushes at once would mix their files; the one that opened later goes on, this one does not close. */
function refuseOtherPush(opening: string | undefined, pushId: string): void {
  if (opening?.includes(pushId)) return;
  throw new CommandError("Somebody else began to push this flow at the same time. Push again.");
}

/** Does not wait for requests that are still under way when aborted. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

function bodyOf(path: string, files: FlowFiles): BlobBody {
  const large = files.large?.(path);
  return large ? () => large.pieces() : (files.get(path) ?? "");
}
