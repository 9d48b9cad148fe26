import { PermanentError } from "../../shared/errors.ts";
import { settleMessageSchema, storageEventSchema } from "../../shared/messages/queue-messages.ts";
import type { SettleMessage } from "../../shared/messages/queue-messages.ts";
import type { FlowSource } from "../../shared/model/intake.ts";
import { changedFile, folderOf } from "./flow-source.ts";
import type { IntakeDependencies } from "./intake-dependencies.ts";
import { COMMIT_FILE, listWorkingCopy, PUSH_FILE } from "./read-working-copy.ts";
import { takeSnapshot } from "./take-snapshot.ts";

const CHANGES = new Set(["Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted"]);

/**
 * One message of `flow-changes`: a storage event, or intake's own note to look again. Events only say that
 * something changed; what counts is what is in storage when it is read, so order and number of events do not matter.
 * A message that is delivered again may have been cut off half way: then a known change is handed over once more.
 */
export async function handleChange(
  message: unknown,
  dependencies: IntakeDependencies,
  redelivered = false,
): Promise<void> {
  const settle = settleMessageSchema.safeParse(message);
  if (settle.success) {
    return handleSettle(settle.data, dependencies, redelivered || settle.data.afterRestart === true);
  }

  const event = storageEventSchema.safeParse(message);
  if (!event.success) {
    throw new PermanentError(
      "Neither a storage event nor a settle note: the message was not made by Event Grid.",
    );
  }
  const { subject, eventType, eventTime } = event.data;
  const changed = changedFile(subject);
  if (!CHANGES.has(eventType) || !changed || changed.path === PUSH_FILE) return;

  if (changed.path === COMMIT_FILE && eventType === "Microsoft.Storage.BlobCreated") {
    await snapshotOrWait(changed.source, eventTime, dependencies, redelivered);
  } else {
    await lookAgain(
      { kind: "settle", source: changed.source, eventTime },
      dependencies.settleMs,
      dependencies,
    );
  }
}

/** The flow has been left alone since the event, or a later event will settle it. */
async function handleSettle(
  message: SettleMessage,
  dependencies: IntakeDependencies,
  redelivered: boolean,
): Promise<void> {
  const { entries } = await listWorkingCopy(dependencies.store, message.source);
  // Opening a push raises no note of its own: one that dies at once must not take an edit's note with it.
  const edits = entries.filter((entry) => !entry.name.endsWith(`/${PUSH_FILE}`));
  const newest = Math.max(0, ...edits.map((entry) => entry.lastModified.getTime()));
  // Storage keeps whole seconds, events finer ones: a write in the same second may be the event's own.
  if (newest > Date.parse(message.eventTime)) return;
  await snapshotOrWait(message.source, message.eventTime, dependencies, redelivered);
}

async function snapshotOrWait(
  source: FlowSource,
  eventTime: string,
  dependencies: IntakeDependencies,
  redelivered: boolean,
): Promise<void> {
  const outcome = await dependencies.oneAtATime(folderOf(source), () =>
    takeSnapshot(source, dependencies, redelivered),
  );
  if (outcome.kind === "waiting") {
    await lookAgain({ kind: "settle", source, eventTime }, outcome.forMs, dependencies);
  }
}

async function lookAgain(
  message: SettleMessage,
  afterMs: number,
  { queue }: IntakeDependencies,
): Promise<void> {
  await queue.send("flow-changes", message, { delaySeconds: Math.ceil(afterMs / 1000) });
}
