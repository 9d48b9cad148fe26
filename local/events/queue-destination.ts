import { QueueServiceClient } from "@azure/storage-queue";
import type { EventGridEvent } from "./event-grid-event.ts";

/** Delivers each event to a storage queue as Event Grid does: one message an event, base64 of its JSON. */
export function createQueueDestination(
  connectionString: string,
  queue: string,
): (event: EventGridEvent) => Promise<void> {
  // The subscription tries again by its own policy.
  const retryOptions = { maxTries: 1 };
  const client = QueueServiceClient.fromConnectionString(connectionString, { retryOptions }).getQueueClient(
    queue,
  );
  return async (event) => {
    await client.sendMessage(Buffer.from(JSON.stringify(event)).toString("base64"));
  };
}
