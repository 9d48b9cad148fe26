import type { Clock } from "../../ports/clock.ts";
import type { QueueWatch } from "../../ports/queue-watch.ts";
import type { StorageSettings } from "../../settings.ts";
import { retryCall } from "./retry-call.ts";
import { createQueueServiceClient } from "./storage-clients.ts";

/** Storage queues, by two requests a look: storage's own metrics tell of queues once a day. */
export function createQueueWatch(settings: StorageSettings, clock: Pick<Clock, "now">): QueueWatch {
  const service = createQueueServiceClient(settings);
  return {
    async look(queue) {
      const client = service.getQueueClient(queue);
      return retryCall(`Looking at queue ${queue}`, async (_attempt, abortSignal) => {
        const [properties, peeked] = await Promise.all([
          client.getProperties({ abortSignal }),
          client.peekMessages({ numberOfMessages: 1, abortSignal }),
        ]);
        const since = peeked.peekedMessageItems[0]?.insertedOn;
        return {
          messages: properties.approximateMessagesCount ?? 0,
          oldestSeconds: since ? Math.max(0, (clock.now().getTime() - since.getTime()) / 1000) : 0,
        };
      });
    },
  };
}
