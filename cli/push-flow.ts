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
  files: FlowFiles;
  commit: Commit;
  onProgress?: (progress: PushProgress) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Makes `flows/<flow>/` hold exactly `files`, sending only what differs. `.push.json` opens the push and
 * `.commit.json` closes it; until then the platform takes nothing of it for a version, so whatever interrupts a push
 * leaves production as it is, and the next push mends the working copy.
 *
 * Throws the signal's reason when aborted before the push closes, and `CommandError` when another push of the flow
 * opened meanwhile.
 */
export async function pushFlow(push: Push): Promise<PushResult> {
  const { store, flow, files, commit, signal } = push;
  const hashes = Object.fromEntries([...files.keys()].map((path) => [path, hashOf(path, files, "sha256")]));
  const opening = { pushId: randomUUID(), startedAt: new Date().toISOString(), files: hashes };
  const work = await orAborted(openAndSend(push, opening), signal);
  // From here on an abort comes too late: nobody could tell whether the push closed.
  const closing = { ...commit, pushId: opening.pushId, files: hashes };
  await store.write("flows", `${flow}/${CLOSING}`, JSON.stringify(closing));
  return { pushId: opening.pushId, ...work, unchanged: files.size - work.uploaded.length };
}

async function openAndSend(
  { store, flow, files, onProgress, signal }: Push,
  opening: { pushId: string },
): Promise<{ uploaded: string[]; deleted: string[] }> {
  signal?.throwIfAborted();
  const blobName = (path: string): string => `${flow}/${path}`;
  await store.write("flows", blobName(OPENING), JSON.stringify(opening));
  const stored = new Map<string, string | undefined>();
  for await (const entry of store.list("flows", blobName(""))) {
    stored.set(entry.name.slice(flow.length + 1), entry.contentMd5);
  }
  const uploaded = [...files.keys()].filter((path) => stored.get(path) !== hashOf(path, files, "md5"));
  const deleted = [...stored.keys()].filter(
    (path) => !files.has(path) && path !== OPENING && path !== CLOSING,
  );

  const total = uploaded.length + deleted.length;
  let done = 0;
  // Shared by the workers: one that fails closes the generator, and with it the others' work.
  const requests = (function* () {
    for (const path of uploaded) yield () => store.write("flows", blobName(path), bodyOf(path, files));
    for (const path of deleted) yield () => store.delete("flows", blobName(path));
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
  await refuseOtherPush(store, blobName(OPENING), opening.pushId);
  return { uploaded, deleted };
}

/** Two pushes at once would mix their files; the one that opened later goes on, this one does not close. */
async function refuseOtherPush(store: BlobStore, name: string, pushId: string): Promise<void> {
  const opening = await store.read("flows", name);
  if (opening && opening.body.toString().includes(pushId)) return;
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
