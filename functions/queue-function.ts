import { app } from "@azure/functions";
import type { InvocationContext } from "@azure/functions";
import { messageOf, PermanentError } from "../shared/errors.ts";
import type { QueueName } from "../shared/ports/queue.ts";
import { servesPart } from "../shared/settings.ts";
import { type PipelineServices, pipelineServices } from "./pipeline-services.ts";

/** As `maxDequeueCount` in host.json: the platform gives up after this many attempts. */
const LAST_ATTEMPT = 5;

/** Whether a message was delivered before, and whether it will be again. */
export interface Delivery {
  redelivered: boolean;
  lastAttempt: boolean;
}

/**
 * Registers a queue trigger that hands each message to a stage. What no retry can mend goes to the poison queue at
 * once, and what failed for the last time goes there with its reason, which the platform would not keep.
 */
export function queueFunction(
  name: string,
  queue: QueueName,
  handle: (message: unknown, services: PipelineServices, delivery: Delivery) => Promise<void>,
): void {
  if (!servesPart("pipeline")) return;
  app.storageQueue(name, {
    queueName: queue,
    connection: "AzureWebJobsStorage",
    handler: async (message: unknown, context: InvocationContext) => {
      const attempt = Number(context.triggerMetadata?.["dequeueCount"] ?? 1);
      const lastAttempt = attempt >= LAST_ATTEMPT;
      try {
        await handle(message, pipelineServices(), { redelivered: attempt > 1, lastAttempt });
      } catch (error) {
        if (!lastAttempt && !(error instanceof PermanentError)) throw error;
        const reason = messageOf(error);
        context.error(`${queue}: gave up on a message: ${reason}`);
        await pipelineServices().queue.send(`${queue}-poison`, { poisoned: true, reason, message });
      }
    },
  });
}
