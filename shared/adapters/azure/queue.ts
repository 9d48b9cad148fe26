import type { QueueClient, QueueServiceClient } from "@azure/storage-queue";
import { PermanentError } from "../../errors.ts";
import type { Queue } from "../../ports/queue.ts";
import type { StorageSettings } from "../../settings.ts";
import { retryCall } from "./retry-call.ts";
import { createQueueServiceClient } from "./storage-clients.ts";

/** Azure's limit on a message's text: 64 KiB. */
const MAX_TEXT_BYTES = 64 * 1024;

/**
 * Azure storage queues. Messages are base64 JSON, as the Functions host reads them. Throws `PermanentError` for a
 * message over 64 KiB and for a queue that is missing, `RetryLaterError` while the service is down.
 */
export function createQueue(settings: StorageSettings): Queue {
  // Made with the first message: most chats send none.
  let service: QueueServiceClient | undefined;
  const clients = new Map<string, QueueClient>();
  return {
    async send(queue, message, options = {}) {
      service ??= createQueueServiceClient(settings);
      const client = clients.get(queue) ?? service.getQueueClient(queue);
      clients.set(queue, client);
      const text = Buffer.from(JSON.stringify(message)).toString("base64");
      if (text.length > MAX_TEXT_BYTES) {
        throw new PermanentError(
          `A message of ${text.length} bytes does not fit queue ${queue} (64 KiB). Put its content in a blob and send the name.`,
        );
      }
      const visibilityTimeout = Math.ceil(options.delaySeconds ?? 0);
      await retryCall(`Sending to queue ${queue}`, (_attempt, abortSignal) =>
        client.sendMessage(
          text,
          visibilityTimeout > 0 ? { visibilityTimeout, abortSignal } : { abortSignal },
        ),
      );
    },
  };
}
