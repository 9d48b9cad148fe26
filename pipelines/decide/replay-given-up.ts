import { ConflictError, NotFoundError, PermanentError } from "../../shared/errors.ts";
import type { GivenUpList, GivenUpMessage, ReplayedMessage } from "../../shared/model/given-up.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { type Queue, QUEUES } from "../../shared/ports/queue.ts";
import { readJson, replaceJson } from "../../shared/registry/json-blob.ts";
import { registryPath } from "../../shared/registry/paths.ts";

const IN_FOLDER = /^\.poison\/([^/]+)\/(.+)\.json$/;
/** Read newest last; more than this are counted elsewhere, in the workbook. */
const SHOWN = 500;

/** The messages that were given up and not put back, the oldest first. */
export async function listGivenUp({ store }: { store: BlobStore }): Promise<GivenUpList> {
  const messages: GivenUpList["messages"] = [];
  for await (const { name } of store.list("registry", ".poison/")) {
    const [, queue = "", id = ""] = IN_FOLDER.exec(name) ?? [];
    const record = await readJson<GivenUpMessage>(store, "registry", name);
    if (!record || record.value.replayed) continue;
    messages.push({ queue, id, reason: record.value.reason, at: record.value.at });
    if (messages.length === SHOWN) break;
  }
  return { messages: messages.toSorted((one, other) => one.at.localeCompare(other.at)) };
}

/**
 * Puts a message back into its queue, once. It is marked after it was sent, so that a loss in between sends it twice
 * rather than never: every step stands that. Throws `NotFoundError`, `ConflictError` for what was put back before.
 */
export async function replayGivenUp(
  { queue, id, by }: { queue: string; id: string; by: string },
  { store, queue: queues, clock }: { store: BlobStore; queue: Queue; clock: Clock },
): Promise<ReplayedMessage> {
  const known = QUEUES.find((name) => name === queue);
  const name = known && registryPath.poison(known, id);
  const record = name && (await readJson<GivenUpMessage>(store, "registry", name));
  if (!known || !name || !record) throw new NotFoundError(`No message ${id} of ${queue} was given up.`);
  const { message, replayed } = record.value;
  if (replayed) throw new ConflictError(`${replayed.by} put it back at ${replayed.at}.`);
  if (typeof message !== "object" || message === null) {
    throw new PermanentError(`What came by ${queue} was no message of Flowgate's: it can never be read.`);
  }
  await queues.send(known, message);
  const marked = { ...record.value, replayed: { by, at: clock.now().toISOString() } };
  await replaceJson(store, "registry", name, marked, record.etag);
  return { queue, id };
}
